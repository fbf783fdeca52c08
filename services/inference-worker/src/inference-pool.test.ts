import { isRunning } from '@livegate/test-kit/process-tree';
import { afterAll, describe, expect, it } from 'vitest';
import { type InferenceFailed, openInferencePool } from './inference-pool.ts';

const SETTINGS = { profile: 'baseline', modelsDir: '', manifest: null, provider: 'cpu', observesHeads: false } as const;
const lost: string[] = [];
const pool = openInferencePool({
  size: 1,
  settings: SETTINGS,
  limitMs: 1_000,
  onChildLost: (why) => lost.push(why),
  program: new URL('./test-programs/misbehaving-child.mjs', import.meta.url),
});
afterAll(() => pool.close());

const frame = (behaviour: number) => [Uint8Array.of(behaviour)];
const failure = (behaviour: number) =>
  pool.run(frame(behaviour)).then(
    () => null,
    (error: InferenceFailed) => error.kind,
  );

describe('a pool of one child', () => {
  it.each([
    ['exits', 1, 'crashed'],
    ['is killed by a signal', 2, 'crashed'],
    ['hangs', 3, 'timeout'],
    ['throws', 4, 'failed'],
  ] as const)('fails the one batch whose child %s, and scores the next', async (_name, behaviour, kind) => {
    const [failed, scored] = await Promise.all([failure(behaviour), pool.run(frame(9))]);
    expect(failed).toBe(kind);
    expect(scored).toMatchObject([{ score: 0.9, reasons: [], boundingBox: null }]);
  });

  it('loses a child that takes all memory, not itself', async () => {
    expect(['crashed', 'timeout']).toContain(await failure(5));
    expect(await pool.run(frame(9))).toHaveLength(1);
  });

  it('runs a suspect alone in a fresh child that ends with it, and loses none of its own when that dies', async () => {
    const whoScored = async (run: typeof pool.run) => (await run(frame(10)))[0]?.width as number;
    const before = lost.length;
    const own = await whoScored(pool.run);
    const alone = await whoScored(pool.runAlone);
    expect(alone).not.toBe(own);
    await expect.poll(() => isRunning(alone)).toBe(false);
    await expect(pool.runAlone(frame(1))).rejects.toMatchObject({ kind: 'crashed' });
    await expect(pool.runAlone(frame(3))).rejects.toMatchObject({ kind: 'timeout' });
    expect(await whoScored(pool.run)).toBe(own);
    expect(lost).toHaveLength(before);
  });

  it('says how children were lost', () => {
    expect(lost).toContain('exit 7');
    expect(lost).toContain('exit SIGSEGV');
  });

  it('tries again when no child can be forked, and hands back what was to run alone', async () => {
    const { execPath } = process;
    const missed: string[] = [];
    process.execPath = '/no/such/program';
    const other = openInferencePool({
      size: 1,
      settings: SETTINGS,
      limitMs: 60_000,
      onChildLost: (why) => missed.push(why),
      program: new URL('./test-programs/misbehaving-child.mjs', import.meta.url),
    });
    try {
      await expect(other.runAlone(frame(9))).rejects.toMatchObject({ kind: 'unavailable' });
    } finally {
      process.execPath = execPath;
    }
    expect(missed.length).toBeGreaterThanOrEqual(2);
    expect(missed[0]).toContain('ENOENT');
    expect(await other.run(frame(9))).toHaveLength(1);
    await other.close();
  });

  it('rejects what waits and what runs when it closes', async () => {
    const other = openInferencePool({
      size: 1,
      settings: SETTINGS,
      limitMs: 60_000,
      onChildLost: () => undefined,
      program: new URL('./test-programs/misbehaving-child.mjs', import.meta.url),
    });
    const batches = [other.run(frame(3)), other.run(frame(9))].map((run) =>
      run.catch((error: InferenceFailed) => error.kind),
    );
    await other.close();
    expect(await Promise.all(batches)).toEqual(['closed', 'closed']);
    await expect(other.run(frame(9))).rejects.toThrow(/closed/);
  });
});

describe('a pool whose child holds several batches', () => {
  const joining = openInferencePool({
    size: 1,
    tasksPerChild: 2,
    settings: SETTINGS,
    limitMs: 60_000,
    onChildLost: () => undefined,
    program: new URL('./test-programs/misbehaving-child.mjs', import.meta.url),
  });
  afterAll(() => joining.close());

  it('hands the second over before the first is answered', async () => {
    // The child answers these only when it holds two: one at a time would hang.
    const both = await Promise.all([joining.run(frame(8)), joining.run(frame(8))]);
    expect(both.flat()).toHaveLength(2);
  });

  it('fails all that a dying child held', async () => {
    const kinds = [joining.run(frame(8)), joining.run(frame(1))].map((run) =>
      run.catch((error: InferenceFailed) => error.kind),
    );
    expect(await Promise.all(kinds)).toEqual(['crashed', 'crashed']);
  });
});
