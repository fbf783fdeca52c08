/** What the engine alone needs for these frames: the measure that the whole system is held against. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@livegate/test-kit/shared-files';

/** CPU milliseconds per frame, by `bench:engine` in a process of its own. */
export async function engineMsPerFrame(frames: readonly Buffer[], profile: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-frames-'));
  try {
    await Promise.all(frames.map((frame, index) => writeFile(join(folder, `${index}.jpg`), frame)));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--single-threaded-gc', 'packages/inference/dist/cli/bench-engine.js', folder, '--json', '--rounds', '9'],
      { cwd: repositoryRoot, env: { ...process.env, LIVEGATE_MODEL_PROFILE: profile } },
    );
    const { framesPerSecondPerCore } = JSON.parse(stdout) as { framesPerSecondPerCore: number };
    return 1_000 / framesPerSecondPerCore;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
