import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneFace, prepareModels } from '../internal/test-fixtures.ts';

const run = promisify(execFile);
const packageDir = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let modelsDir: string;

async function pad(...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = {
    env: { INIT_CWD: folder, LIVEGATE_MODELS_DIR: modelsDir, LIVEGATE_MODEL_PROFILE: 'baseline' },
  };
  return run(process.execPath, [join(packageDir, 'dist/cli/pad.js'), ...parameters], options).then(
    (done) => ({ code: 0, ...done }),
    (failed) => failed as { code: number; stdout: string; stderr: string },
  );
}

async function put(name: string, image: Buffer): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, image);
}

beforeAll(async () => {
  await run('npx', ['tsc', '-b', packageDir]);
  modelsDir = await prepareModels('baseline');
  folder = await mkdtemp(join(tmpdir(), 'livegate-pad-'));
  const face = await oneFace();
  const dark = await sharp(face).linear(0.17, 0).jpeg().toBuffer();
  await put('set/Real/a.png', face);
  await put('set/Real/clip/1.png', face);
  await put('set/Real/clip/2.png', face);
  await put('set/Real/clip/3.jpg', dark);
  await put('set/Real/clip/4.png', face);
  await put('set/print/dark.jpg', dark);
  await put('set/mask/a.png', face);
  await put(
    'set/meta.csv',
    Buffer.from('file,subject,device,light\nReal/a.png,s1,phone,day\nReal/clip,s1,webcam,day\nReal/gone.png,s1,,\n'),
  );
  await put('set/notes.txt', Buffer.from('not looked at'));
  await put('no-live/print/a.png', face);
  await put('no-attack/live/a.png', face);
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

describe('the pad command', () => {
  it('prints one object, in the shape that is promised', async () => {
    const { code, stdout } = await pad('set', '--json');
    expect(code).toBe(0);
    const rate = expect.any(Number);
    const species = (n: number, nonResponse: number) => ({ n, apcer: rate, upper95: rate, nonResponse });
    expect(JSON.parse(stdout)).toEqual({
      profile: 'baseline',
      operatingPoint: 0.6,
      // A folder of frames is one presentation, scored though one of its frames is too dark.
      bonaFide: { n: 2, bpcer: rate, upper95: rate, nonResponse: 0 },
      species: { mask: species(1, 0), print: species(1, 1) },
      maxApcer: rate,
      maxApcerUpper95: rate,
      eer: rate,
      auc: rate,
    });
    expect(JSON.parse(stdout).species.print.apcer).toBe(0);
    expect(JSON.parse(stdout).species.print.upper95).toBeCloseTo(0.95, 10);
  });

  it('writes the same report twice', async () => {
    await pad('set', '--out', 'first');
    const { code, stdout } = await pad('set', '--out', 'second');
    expect(code).toBe(0);
    expect(stdout).toContain('BPCER by device');
    for (const name of ['report.html', 'det.svg']) {
      const [first, second] = await Promise.all(
        ['first', 'second'].map((out) => readFile(join(folder, out, name), 'utf8')),
      );
      expect(first).toBe(second);
    }
  });

  it('names an unreadable file, counts it as non-response and exits with 2', async () => {
    await put('set/print/broken.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
    const { code, stdout, stderr } = await pad('set', '--json');
    await rm(join(folder, 'set/print/broken.jpg'));
    expect(code).toBe(2);
    expect(stderr).toContain('print/broken.jpg');
    expect(JSON.parse(stdout).species.print).toMatchObject({ n: 2, nonResponse: 1 });
  });

  it('says how the tree and its metadata were understood', async () => {
    const { stderr } = await pad('set', '--json');
    expect(stderr).toContain('bona fide: 2 presentations of 5 pictures\n');
    expect(stderr).toContain('attack print: 1 presentation of 1 picture\n');
    expect(stderr).toContain('2 of 3 rows of the metadata name a presentation\n');
  });

  it('names what it left out and exits with 2', async () => {
    await put('set/replay/clip.mp4', Buffer.from('a film'));
    const { code, stdout, stderr } = await pad('set', '--json');
    await rm(join(folder, 'set/replay'), { recursive: true });
    expect(code).toBe(2);
    expect(stderr).toContain('replay: 1 file of .mp4 left out');
    expect(Object.keys(JSON.parse(stdout).species)).toEqual(['mask', 'print']);
  });

  it('refuses a folder for the report that cannot be made before it scores anything', async () => {
    await put('set/print/broken.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
    const { code, stdout, stderr } = await pad('set', '--out', 'set/notes.txt');
    await rm(join(folder, 'set/print/broken.jpg'));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('notes.txt');
    // Scored, it would have been named.
    expect(stderr).not.toContain('broken.jpg');
  });

  it('prints the result though the report cannot be written', async () => {
    await mkdir(join(folder, 'taken/report.html'), { recursive: true });
    const { code, stdout, stderr } = await pad('set', '--out', 'taken', '--json');
    expect(code).toBe(1);
    expect(stderr).toContain('report.html');
    expect(JSON.parse(stdout)).toMatchObject({ profile: 'baseline' });
  });

  it.each([
    { parameters: ['no-live'], says: /no bona fide images/ },
    { parameters: ['no-attack'], says: /no attack images/ },
    { parameters: ['absent'], says: /not a folder/ },
    { parameters: ['set', '--meta', 'absent.csv'], says: /absent\.csv/ },
    { parameters: [], says: /usage/ },
  ])('refuses $parameters with exit code 1', async ({ parameters, says }) => {
    const { code, stdout, stderr } = await pad(...parameters, '--json');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
  });
});
