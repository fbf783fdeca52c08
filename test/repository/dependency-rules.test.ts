import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { afterEach, expect, it } from 'vitest';

const run = promisify(execFile);
const planted = join(repositoryRoot, 'packages/domain/src/planted-for-a-test.ts');
afterEach(() => rm(planted, { force: true }));

const cruise = () =>
  run(
    join(repositoryRoot, 'node_modules/.bin/depcruise'),
    ['--config', 'packages/tooling/dependency-rules.cjs', 'packages/domain'],
    { cwd: repositoryRoot },
  )
    .then(({ stdout }) => stdout)
    .catch((error: { stdout: string }) => error.stdout);

it('sees a forbidden import: a linter that cruises nothing passes everything', async () => {
  expect(await cruise()).toMatch(/no dependency violations found \(\d{2,} modules/);
  await writeFile(
    planted,
    `import { seal } from '@livegate/crypto/envelope';\nimport pg from 'pg';\nexport const planted = [seal, pg];\n`,
  );
  const report = await cruise();
  expect(report).toContain('domain-imports-only-itself');
  expect(report).toContain('only-db-imports-pg');
});
