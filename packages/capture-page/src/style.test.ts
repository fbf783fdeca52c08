import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('no rule is lost to a browser that does not know :has(): it stands in no list of selectors', async () => {
  const css = (await readFile(new URL('./style.css', import.meta.url), 'utf8')).replaceAll(/\/\*.*?\*\//gs, '');
  const selectors = css.match(/[^{};]+(?=\{)/g) ?? [];
  const withHas = selectors.filter((selector) => selector.includes(':has('));
  expect(withHas.length).toBeGreaterThan(0);
  for (const selector of withHas) expect(withoutArguments(selector)).not.toContain(',');
});

/** A list within the brackets of :is() is one selector. */
function withoutArguments(selector: string): string {
  const shorter = selector.replaceAll(/\([^()]*\)/g, '');
  return shorter === selector ? selector : withoutArguments(shorter);
}
