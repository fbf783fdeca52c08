/** What reviewers say of uncertain checks becomes a set of pictures that the evaluation reads, while there are pictures. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAdmin } from '@livegate/admin/run-admin';
import { findPresentations } from '@livegate/inference/pad/find-presentations';
import { readMetadata } from '@livegate/inference/pad/read-metadata';
import { captureClient } from '@livegate/test-kit/capture-client';
import { genuineFace } from '@livegate/test-kit/faces';
import { integrator } from '@livegate/test-kit/integrator';
import { startStack } from '@livegate/test-kit/stack';
import { afterAll, expect, it } from 'vitest';

const stack = await startStack();
const face = await genuineFace();
const folder = await mkdtemp(join(tmpdir(), 'livegate-labels-'));
afterAll(() => rm(folder, { recursive: true }));

async function exportLabels() {
  const printed: string[] = [];
  const code = await runAdmin({
    args: ['review', 'export', folder, '--json'],
    env: { DATABASE_URL: stack.databaseUrl, LIVEGATE_DATA_DIR: stack.dataDir },
    print: (text) => printed.push(text),
    complain: (text) => printed.push(text),
  });
  expect([code, ...printed]).toHaveLength(2);
  return JSON.parse(printed[0] as string);
}

/** A check that is uncertain, with what reviewers say of it. */
async function reviewed(...labels: string[]): Promise<string> {
  const backend = integrator(stack);
  const check = await backend.create({ audit_images: 1, person_reference: 'anna' });
  await captureClient(check.url).submit(face);
  await backend.untilDone(check.token);
  const { rows } = await stack.db.query(
    'select reviews.id from reviews join checks on checks.id = check_id where reference = $1',
    [check.reference],
  );
  const id = rows[0].id as string;
  for (const [index, label] of labels.entries()) await say(id, `reviewer${index}`, label);
  return id;
}

async function say(id: string, reviewer: string, label: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${stack.apiKey}`,
    'content-type': 'application/json',
    'x-reviewer': reviewer,
  };
  await fetch(`${stack.url}/reviews/${id}/claim`, { method: 'POST', headers });
  const said = await fetch(`${stack.url}/reviews/${id}/label`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ label }),
  });
  expect(said.status).toBe(200);
}

it('gives the evaluation what reviewers agree on, and keeps it when the server has the images no more', async () => {
  // The first capture of a picture is not uncertain.
  const first = integrator(stack);
  const { url, token } = await first.create();
  await captureClient(url).submit(face);
  await first.untilDone(token);

  const genuine = await reviewed('bona_fide', 'bona_fide');
  const printed = await reviewed('print');
  const disputed = await reviewed('replay', 'bona_fide');
  const unsure = await reviewed('unsure');
  const tooLate = await reviewed('mask');
  await stack.db.query(
    `update checks set images_expire_at = now() where id = (select check_id from reviews where id = $1)`,
    [tooLate],
  );
  expect(await exportLabels()).toMatchObject({ reviews: 5, presentations: 2 });
  const found = await findPresentations(folder);
  expect(found.map(({ name, species, frames }) => [name, species, frames.length])).toEqual([
    [`live/${genuine}`, null, 2],
    [`print/${printed}`, 'print', 2],
  ]);
  const meta = readMetadata(await readFile(join(folder, 'meta.csv'), 'utf8'));
  expect([...meta.keys()].sort()).toEqual(found.map(({ name }) => name));
  expect(new Set([...meta.values()].map(({ subject }) => subject)).size).toBe(1);
  const labels = await readFile(join(folder, 'labels.csv'), 'utf8');
  expect(labels).toContain(`${disputed},,replay bona_fide,0`);
  expect(labels).toContain(`${unsure},,unsure,0`);
  expect(labels).toContain(`${tooLate},mask,mask,0`);
  const { rows } = await stack.db.query(
    `select count(*)::int as reads from audit_log where action = 'images.read' and actor like 'admin:%'`,
  );
  expect(rows[0].reads).toBe(2);

  // A second reviewer says otherwise, and the images end.
  await say(printed, 'another', 'bona_fide');
  await stack.db.query('update checks set images_expire_at = now() where images_expire_at is not null');
  expect(await exportLabels()).toMatchObject({ reviews: 5, presentations: 1 });
  expect(existsSync(join(folder, 'live', genuine, '002.jpg'))).toBe(true);
  expect(existsSync(join(folder, 'print', printed))).toBe(false);
});
