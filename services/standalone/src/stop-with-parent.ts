/** npm that is killed takes nobody with it: a server started by npm watches for its parent and drains when it is gone. */

const LOOK_EVERY_MS = 1_000;

export function stopWithParent(process: NodeJS.Process, stop: (why: string) => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop('the process that started it is gone');
  }, LOOK_EVERY_MS);
  timer.unref();
}
