import { expect, test } from 'vitest';
import { watchLine } from './line-speed.ts';

function aLine() {
  let time = 0;
  const line = watchLine(() => time);
  const upload = (milliseconds: number) =>
    line.timed(async () => {
      time += milliseconds;
    });
  return { line, upload, pass: (milliseconds: number) => (time += milliseconds) };
}

test('a good line stays good', async () => {
  const { line, upload } = aLine();
  for (let count = 0; count < 10; count++) await upload(300);
  expect(line.isSlow).toBe(false);
});

test('an upload that took long makes it slow, and small ones do not make it good', async () => {
  const { line, upload } = aLine();
  await upload(701);
  await upload(50);
  expect(line.isSlow).toBe(true);
});

test('one that is still under way tells as well, and one that fails', async () => {
  const { line, pass } = aLine();
  void line.timed(() => new Promise(() => {}));
  expect(line.isSlow).toBe(false);
  pass(800);
  expect(line.isSlow).toBe(true);
  const other = aLine();
  const lost = other.line.timed(async () => {
    other.pass(20_000);
    throw new Error('lost');
  });
  await expect(lost).rejects.toThrow('lost');
  expect(other.line.isSlow).toBe(true);
});
