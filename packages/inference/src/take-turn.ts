/** One piece of work after another in this process: what runs may use the process's buffers until it is done. */

let last: Promise<unknown> = Promise.resolve();

/** Runs the work when all work handed in before has ended, well or badly. */
export function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work, work);
  last = result.catch(() => undefined);
  return result;
}
