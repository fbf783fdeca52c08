import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneFace, prepareModels } from '../internal/test-fixtures.ts';

const run = promisify(execFile);
const packageDir = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let modelsDir: string;

async function score(...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = {
    env: {
      INIT_CWD: folder,
      LIVEGATE_MODELS_DIR: modelsDir,
      LIVEGATE_MODEL_PROFILE: 'baseline',
    },
  };
  return run(process.execPath, [join(packageDir, 'dist/cli/score.js'), ...parameters], options).then(
    (done) => ({ code: 0, ...done }),
    (failed) => failed as { code: number; stdout: string; stderr: string },
  );
}

function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

beforeAll(async () => {
  await run('npx', ['tsc', '-b', packageDir]);
  modelsDir = await prepareModels('baseline');
  folder = await mkdtemp(join(tmpdir(), 'livegate-score-'));
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'sub', 'b.PNG'), await oneFace());
  await copyFile(join(folder, 'sub', 'b.PNG'), join(folder, 'c.jpg'));
  await writeFile(join(folder, 'notes.txt'), 'not an image, and not looked at');
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

describe('the score command', () => {
  it('prints one JSON object a line for a folder, in order', async () => {
    const { code, stdout } = await score('.', '--json');
    const lines = linesOf(stdout);
    expect(code).toBe(0);
    expect(lines.map(({ file }) => file)).toEqual(['c.jpg', 'sub/b.PNG']);
    expect(lines[0]).toEqual({
      file: 'c.jpg',
      score: expect.any(Number),
      reasons: [],
      box: { left: expect.any(Number), top: expect.any(Number), width: expect.any(Number), height: expect.any(Number) },
      ms: expect.any(Number),
      profile: 'baseline',
    });
  });

  it('names an unreadable file, scores the rest and exits with 2', async () => {
    await writeFile(join(folder, 'broken.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
    const { code, stdout } = await score('broken.jpg', 'missing.jpg', 'c.jpg', '--json');
    await rm(join(folder, 'broken.jpg'));
    expect(code).toBe(2);
    const [broken, missing, good] = linesOf(stdout);
    expect(broken).toEqual({ file: 'broken.jpg', error: expect.any(String) });
    expect(missing).toEqual({ file: 'missing.jpg', error: expect.any(String) });
    expect(good).toMatchObject({ file: 'c.jpg', profile: 'baseline' });
  });

  it('refuses to run without files, and says how', async () => {
    const { code, stdout, stderr } = await score('--json');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('usage');
  });
});
