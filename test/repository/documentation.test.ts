import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BIRTH_STATE, CHECK_TRANSITIONS, TERMINAL_STATES } from '@livegate/domain/check-state';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFile(join(repositoryRoot, path), 'utf8');
const workspaces = async (folder: string) =>
  (await readdir(join(repositoryRoot, folder), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('what the READMEs promise', () => {
  it('draws the life of a check as the table has it', async () => {
    const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(await read('services/README.md'))?.[1] ?? '';
    const drawn = diagram
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .sort();
    const births = Object.entries(BIRTH_STATE).map(([kind, state]) => `[*] --> ${state}: create (${kind})`);
    const moves = CHECK_TRANSITIONS.map(({ from, event, to }) => `${from} --> ${to}: ${event}`);
    expect(drawn).toEqual([...births, ...moves].sort());
    expect(await read('README.md')).toContain(`pending → in_progress → ${TERMINAL_STATES.join(' | ')}`);
  });

  it.each(['services', 'packages'])('names every workspace of %s/ in its README', async (folder) => {
    const readme = await read(`${folder}/README.md`);
    for (const name of await workspaces(folder)) expect(readme, name).toContain(`\`${name}\``);
  });

  it('gives every package a README of its own', async () => {
    for (const name of await workspaces('packages'))
      expect((await read(`packages/${name}/README.md`)).length, name).toBeGreaterThan(200);
  });

  it('keeps the first screen on one screen', async () => {
    expect((await read('README.md')).split('\n').length).toBeLessThanOrEqual(60);
  });
});

describe('the layout', () => {
  it('has the agreed top level and nothing else', async () => {
    const allowed = new Set([
      'package.json',
      'package-lock.json',
      'turbo.json',
      'services',
      'packages',
      'infra',
      'docker-compose.yml',
      'test',
      'README.md',
      'LICENSE',
      'node_modules',
    ]);
    const found = (await readdir(repositoryRoot)).filter((name) => !name.startsWith('.') && !allowed.has(name));
    expect(found).toEqual([]);
  });

  it('has no file whose name says nothing', async () => {
    const vague = /^(utils?|helpers?|common|misc|types|interfaces|constants|index)\.ts$/;
    for (const folder of ['services', 'packages', 'test']) {
      const files = await readdir(join(repositoryRoot, folder), { recursive: true });
      const found = files.filter(
        (path) => !path.includes('node_modules') && !path.includes('dist') && vague.test(path.split('/').at(-1) ?? ''),
      );
      expect(found).toEqual([]);
    }
  });

  it('touches the process in main.ts and command-line programs only', async () => {
    const files = (await readdir(join(repositoryRoot, 'services'), { recursive: true })).filter(
      (path) =>
        path.endsWith('.ts') &&
        path.includes('/src/') &&
        !/\.test\.ts$|main\.ts$|inference-child\.ts$|node_modules|dist/.test(path),
    );
    expect(files.length).toBeGreaterThan(30);
    for (const path of files)
      expect(await read(`services/${path}`), path).not.toMatch(/process\.(env|exit|argv)\b(?!\.npm_lifecycle)/);
  });
});
