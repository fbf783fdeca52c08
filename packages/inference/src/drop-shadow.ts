/** What becomes of a candidate that cannot score: it is left out, loudly, and production goes on as it was. */

/** Is told which candidate was left out, and why. */
export type DropShadow = (name: string, fault: Error) => void;

/** One line that cannot be missed: nothing else shows that a candidate is not being tried. */
export const dropOnStderr: DropShadow = (name, fault) => {
  process.stderr.write(`livegate: WARNING: shadow ${name} is left out: ${fault.message}\n`);
};

/** Those candidates for which the step succeeds, as it returns them. */
export async function keepWorking<From extends { name: string }, To>(
  shadows: readonly From[],
  onDropped: DropShadow,
  step: (shadow: From) => Promise<To>,
): Promise<To[]> {
  const kept: To[] = [];
  for (const shadow of shadows) {
    try {
      kept.push(await step(shadow));
    } catch (error) {
      onDropped(shadow.name, error as Error);
    }
  }
  return kept;
}
