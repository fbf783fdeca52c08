import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { SETTINGS } from './settings.ts';

it('is shown whole in services/README.md, with default and meaning', async () => {
  const readme = await readFile(new URL('../../../services/README.md', import.meta.url), 'utf8');
  const rows = Object.entries(SETTINGS).map(([name, schema]) => {
    const fallback = schema.safeParse(undefined);
    const shown = fallback.success && fallback.data !== undefined ? `\`${fallback.data}\`` : '';
    return `| \`${name}\` | ${shown} | ${schema.description} |`;
  });
  const table = rows.join('\n');
  expect(readme, `the table should be:\n${table}`).toContain(table);
});
