/**
 * @vladmandic/human on WebAssembly, the peer of the comparison: its detector and its two nets on the same images. A tool
 * of the bench only: installed on demand into a folder of its own (130 MB), never a dependency of this project.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';

const VERSIONS = {
  '@vladmandic/human': '3.3.6',
  '@tensorflow/tfjs-core': '4.22.0',
  '@tensorflow/tfjs-converter': '4.22.0',
  '@tensorflow/tfjs-backend-wasm': '4.22.0',
};

/** Analyses one image as the engine does: from bytes to a face with its two scores. */
export type Peer = { name: string; run(image: Uint8Array): Promise<void>; close(): Promise<void> };

type Human = {
  tf: { tensor(data: Uint8Array, shape: number[], type: 'int32'): object; dispose(tensor: object): void };
  init(): Promise<void>;
  load(): Promise<void>;
  detect(tensor: object): Promise<{ error: string | null; face: { real?: number; live?: number }[] }>;
};

/** Installs the peer where it is missing, and opens it. Rejects when npm or its models cannot be had. */
export async function openHumanPeer(folder: string): Promise<Peer> {
  await install(folder);
  const modules = join(folder, 'node_modules');
  // Its models are fetched over http even in Node.
  const server = await serveFolder(join(modules, '@vladmandic/human/models'));
  try {
    const human = await openHuman({ modules, port: (server.address() as AddressInfo).port });
    return { name: 'human', run: (image) => detect(human, image), close: async () => undefined };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function install(folder: string): Promise<void> {
  const isInstalled = await access(join(folder, 'node_modules/@vladmandic/human/package.json')).then(
    () => true,
    () => false,
  );
  if (isInstalled) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: VERSIONS }));
  await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-package-lock', '--loglevel=error'], {
    cwd: folder,
  });
}

function serveFolder(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').split('/').at(-1) ?? '';
    readFile(join(folder, name)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function openHuman({ modules, port }: { modules: string; port: number }): Promise<Human> {
  // By path: its "exports" name the build for TensorFlow's native library only.
  const load = createRequire(join(modules, 'resolve-from-here.js'));
  const { default: Build } = load(join(modules, '@vladmandic/human/dist/human.node-wasm.js')) as {
    default: new (configuration: object) => Human;
  };
  const off = { enabled: false };
  const human = new Build({
    backend: 'wasm',
    wasmPath: join(modules, '@tensorflow/tfjs-backend-wasm/dist/'),
    modelBasePath: `http://127.0.0.1:${port}/`,
    debug: false,
    async: false,
    // Else it answers like images from its cache.
    cacheSensitivity: 0,
    filter: off,
    face: {
      enabled: true,
      detector: { enabled: true, rotation: false, maxDetected: 1 },
      antispoof: { enabled: true },
      liveness: { enabled: true },
      ...{ mesh: off, iris: off, description: off, emotion: off },
    },
    ...{ body: off, hand: off, gesture: off, object: off, segmentation: off },
  });
  await human.init();
  await human.load();
  return human;
}

/** Decoded by the same library as the engine's. */
async function detect(human: Human, image: Uint8Array): Promise<void> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const tensor = human.tf.tensor(Uint8Array.from(data), [1, info.height, info.width, 3], 'int32');
  const { error } = await human.detect(tensor);
  human.tf.dispose(tensor);
  if (error) throw new Error(`human: ${error}`);
}
