import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '@livegate/db/database';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { startStack } from '@livegate/test-kit/stack';
import { afterAll, describe, expect, it } from 'vitest';
import { startDebianPostgres } from './debian-postgres.ts';

const run = promisify(execFile);
const readme = await readFile(join(repositoryRoot, 'infra', 'README.md'), 'utf8');
const postgres = await startDebianPostgres();

describe.skipIf(!postgres)('a backup', async () => {
  if (!postgres) return;
  const keyDir = await mkdtemp(join(tmpdir(), 'livegate-restore-'));
  const server = openDatabase({ url: postgres.url('postgres'), applicationName: 'test', onError: () => undefined });
  afterAll(async () => {
    await server.close();
    await postgres.stop();
    await rm(keyDir, { recursive: true });
  });
  const stackOn = async (database: string, apiKey?: string) => {
    const stack = await startStack({
      env: {
        DATABASE_URL: postgres.url(database),
        LIVEGATE_KEY_DIR: keyDir,
        ...(apiKey ? { LIVEGATE_API_KEY: apiKey } : {}),
      },
    });
    const db = openDatabase({ url: postgres.url(database), applicationName: 'test', onError: () => undefined });
    return { ...stack, db, backend: integrator({ url: stack.url, apiKey: apiKey ?? stack.apiKey }) };
  };
  const dumpFile = (name: string) => join(keyDir, `${name}.dump`);
  /** The flags are the README's. */
  const dump = async (name: string, flags: string[]) => {
    expect(readme).toContain(`pg_dump -U livegate ${['-Fc', '--exclude-table-data=frame_blobs'].join(' ')} livegate`);
    await run(postgres.bin('pg_dump'), [...flags, '-f', dumpFile(name), postgres.url('source')]);
  };
  const restore = async (name: string) => {
    expect(readme).toContain('pg_restore -U livegate --exit-on-error --no-owner -d livegate');
    await server.query(`create database ${name}`);
    await run(postgres.bin('pg_restore'), ['--exit-on-error', '--no-owner', '-d', postgres.url(name), dumpFile(name)]);
  };

  it('brings back clients, keys, verdicts and open work; images only as long as they may be read', async () => {
    await server.query('create database source');
    const source = await stackOn('source');
    const done = await source.backend.create({ threshold: 50 });
    await captureClient(done.url).submit(await genuineFace());
    const verdict = (await source.backend.untilDone(done.token)).body;
    expect(verdict.result.image).toMatch(/^data:image\/jpeg/);
    const open = await source.backend.create({ threshold: 50 });
    await source.db.query(
      `update checks set images_expire_at = now() + interval '4 seconds' where images_expire_at is not null`,
    );

    // A copy of everything, as a snapshot of the disk would be, and the backup that the README tells to make.
    await dump('snapshot', ['-Fc']);
    await dump('backup', ['-Fc', '--exclude-table-data=frame_blobs']);
    await source.db.close();
    await source.stop();
    await restore('snapshot');
    await restore('backup');
    const at = openDatabase({ url: postgres.url('snapshot'), applicationName: 'test', onError: () => undefined });
    const blobs = async () => (await at.query('select count(*)::int as blobs from frame_blobs')).rows[0].blobs;
    expect(await blobs()).toBeGreaterThan(0);
    await eventually(
      async () =>
        (
          await at.query(
            'select bool_and(images_expire_at < now()) as past from checks where images_expire_at is not null',
          )
        ).rows[0].past,
    );
    await at.close();

    for (const name of ['snapshot', 'backup']) {
      const restored = await stackOn(name, source.apiKey);
      const answer = await restored.backend.get(done.token);
      expect(answer.body.result, name).toMatchObject({
        passed: verdict.result.passed,
        confidence: verdict.result.confidence,
      });
      expect(answer.body.result, name).not.toHaveProperty('image');
      // Lifecycle finds what is overdue and forgets the keys; nothing of the images is left.
      await eventually(
        async () => {
          const { rows } = await restored.db.query(
            `select (select count(*)::int from frame_blobs) as blobs,
                    (select count(*)::int from checks where data_key is not null and images_expire_at is not null) as keys`,
          );
          return rows[0].blobs === 0 && rows[0].keys === 0;
        },
        { withinMs: 60_000 },
      );
      // What was open goes on.
      await captureClient(open.url.replace(/^http:\/\/[^/]+/, restored.url)).submit(await genuineFace());
      expect((await restored.backend.untilDone(open.token)).body, name).toMatchObject({ status: 'complete' });
      await restored.db.close();
      await restored.stop();
    }
  });
});
