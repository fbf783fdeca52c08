import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ARTEFACTS, RETENTION } from '@livegate/domain/retention';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFile(join(repositoryRoot, path), 'utf8');

describe('what the security documents promise', () => {
  it('names a test for every threat, and each is there under that name', async () => {
    const rows = (await read('services/THREATS.md')).split('\n').filter((line) => /^\| .*`.*\.test\.ts`/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) await requireTests(lastCell(row));
  });

  it('shows a test for every point of the checklist, or says that there is none', async () => {
    const rows = (await read('services/SECURITY-CHECKLIST.md'))
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| point'));
    const points = rows.map((row) => (row.split('|')[1] as string).trim());
    for (const point of [...numbered('API', 10), ...numbered('V', 17)])
      expect(
        points.some((text) => new RegExp(`^${point}\\b`).test(text)),
        point,
      ).toBe(true);
    for (const row of rows) {
      const shown = lastCell(row);
      if (!/^(not met|not applicable|deployer's: .+)$/.test(shown)) await requireTests(shown);
    }
  });

  it('tells of retention what the table says', async () => {
    const shown = await read('services/PRIVACY.md');
    for (const artefact of ARTEFACTS) {
      const { seconds, most, from, holds } = RETENTION[artefact];
      expect(shown).toContain(`| \`${artefact}\` | ${print(seconds)} | ${print(most)} | ${from} | ${holds} |`);
    }
  });

  // npm's own `--omit dev` leaves out `pg`, which is shipped: so the list is whole, and marks what is for development.
  it('can list what is shipped, as CycloneDX', async () => {
    const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'sbom'], {
      cwd: repositoryRoot,
      maxBuffer: 64 * 1024 * 1024,
    });
    const { bomFormat, components } = JSON.parse(stdout);
    expect(bomFormat).toBe('CycloneDX');
    const shipped = (components as Component[]).filter(({ properties }) => !properties.some(isDevelopment));
    const names = shipped.map(({ name }) => name);
    for (const name of ['express', 'pg', 'sharp', 'jose', 'bullmq', 'undici']) expect(names).toContain(name);
    expect(names).not.toContain('vitest');
  }, 120_000);
});

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
const lastCell = (row: string) => (row.split('|').at(-2) ?? '').trim();

/** Each is a file with a title that is in it, or a file alone. */
async function requireTests(shown: string): Promise<void> {
  expect(shown).toMatch(/^`[^`]+\.test\.ts`/);
  for (const one of shown.split('; `').map((text, index) => (index === 0 ? text : `\`${text}`))) {
    const [, path = '', title = ''] = /`([^`]+)`\s*(.*)/.exec(one) ?? [];
    expect(await read(path), `${path}: ${title.trim()}`).toContain(title.trim());
  }
}

type Component = { name: string; properties: { name: string; value: string }[] };

const isDevelopment = ({ name }: { name: string }) => name === 'cdx:npm:package:development';

function print(seconds: number): string {
  if (seconds >= 86_400) return `${seconds / 86_400} d`;
  return seconds >= 60 ? `${seconds / 60} min` : `${seconds} s`;
}
