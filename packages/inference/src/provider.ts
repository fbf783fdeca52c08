/** Where models run: on the CPU always, on a GPU when it was asked for and is there. Never silently somewhere else. */
import { InferenceSession, listSupportedBackends } from 'onnxruntime-node';

export const PROVIDERS = ['cpu', 'cuda', 'tensorrt'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Reads the value of LIVEGATE_PROVIDER; absent or empty means `cpu`. Throws on any other word. */
export function parseProvider(value: string | undefined): Provider {
  const provider = PROVIDERS.find((name) => name === (value || 'cpu'));
  if (!provider) throw new Error(`LIVEGATE_PROVIDER is "${value}": it must be ${PROVIDERS.join(', ')}.`);
  return provider;
}

/**
 * Rejects unless a model can be opened on the provider: with what is missing and how to get it. Takes the smallest
 * model's bytes.
 */
export async function probeProvider(provider: Provider, model: Uint8Array): Promise<void> {
  if (provider === 'cpu') return;
  const known = listSupportedBackends().map(({ name }) => name);
  if (!known.includes(provider))
    throw missing(provider, `this build of onnxruntime-node knows only ${known.join(', ')}`);
  try {
    // Alone, without the CPU behind it: else the session would open there and nobody would be told.
    const session = await InferenceSession.create(model, { executionProviders: [provider], logSeverityLevel: 4 });
    await session.release();
  } catch (error) {
    throw missing(provider, (error as Error).message.split('\n')[0] ?? '');
  }
}

function missing(provider: Provider, why: string): Error {
  return new Error(
    `LIVEGATE_PROVIDER is ${provider}, which is not available: ${why}. Use the GPU image (target cuda of infra/docker/Dockerfile), install onnxruntime-node with ONNXRUNTIME_NODE_INSTALL=cuda12 and NVIDIA's CUDA and cuDNN libraries, or set LIVEGATE_PROVIDER=cpu.`,
  );
}
