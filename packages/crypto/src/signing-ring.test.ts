import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openSigningRing } from './signing-ring.ts';
import { STATEMENTS, StatementBroken, verifyStatement } from './verify-statement.ts';

const dirs: string[] = [];
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function aDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'livegate-signing-'));
  dirs.push(dir);
  return join(dir, 'signing');
}

const claims = { passed: true, score: 0.98765, reasons: [] };

test('what the ring signs verifies with its public keys alone', async () => {
  const ring = await openSigningRing({ dir: await aDirectory() });
  const jws = await ring.sign(STATEMENTS.decision, claims);
  expect(await verifyStatement(STATEMENTS.decision, jws, ring.jwks())).toEqual(claims);
  expect(JSON.stringify(ring.jwks())).not.toContain('"d"');
});

test('one bit flipped anywhere is told', async () => {
  const ring = await openSigningRing({ dir: await aDirectory() });
  const jws = await ring.sign(STATEMENTS.decision, claims);
  const jwks = ring.jwks();
  // Of the text, not of what it decodes to: the last letter of a signature has bits that no decoder looks at.
  for (let bit = 0; bit < jws.length * 8; bit += 1) {
    const altered = Buffer.from(jws);
    altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
    await expect(verifyStatement(STATEMENTS.decision, altered.toString('latin1'), jwks), `bit ${bit}`).rejects.toThrow(
      StatementBroken,
    );
  }
});

test('a statement of one kind is not one of another', async () => {
  const ring = await openSigningRing({ dir: await aDirectory() });
  const jws = await ring.sign(STATEMENTS.deletion, claims);
  await expect(verifyStatement(STATEMENTS.decision, jws, ring.jwks())).rejects.toThrow('not a livegate-decision');
});

test('an unsigned statement, and one of a foreign key, are refused', async () => {
  const [ring, foreign] = [
    await openSigningRing({ dir: await aDirectory() }),
    await openSigningRing({ dir: await aDirectory() }),
  ];
  const [, payload] = (await ring.sign(STATEMENTS.decision, claims)).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: STATEMENTS.decision })).toString('base64url');
  await expect(verifyStatement(STATEMENTS.decision, `${none}.${payload}.`, ring.jwks())).rejects.toThrow();
  const theirs = await foreign.sign(STATEMENTS.decision, claims);
  await expect(verifyStatement(STATEMENTS.decision, theirs, ring.jwks())).rejects.toThrow();
});

test('a rotation goes on without a gap: the old statements verify, the old private key is gone', async () => {
  const dir = await aDirectory();
  const ring = await openSigningRing({ dir });
  const old = await ring.sign(STATEMENTS.decision, claims);
  const [first = ''] = (await readdir(dir)).filter((name) => name.startsWith('sign-'));
  const oldSecret = JSON.parse(await readFile(join(dir, first), 'utf8')).d;
  const kid = await ring.rotate();
  const fresh = await ring.sign(STATEMENTS.decision, claims);
  expect(JSON.parse(Buffer.from(fresh.split('.')[0] ?? '', 'base64url').toString()).kid).toBe(kid);
  for (const jws of [old, fresh]) {
    expect(await verifyStatement(STATEMENTS.decision, jws, ring.jwks())).toEqual(claims);
  }
  for (const name of await readdir(dir)) expect(await readFile(join(dir, name), 'utf8')).not.toContain(oldSecret);
  expect(ring.jwks().keys).toHaveLength(2);
});

test('services that start at once sign with one key', async () => {
  const dir = await aDirectory();
  const rings = await Promise.all(Array.from({ length: 8 }, () => openSigningRing({ dir })));
  const statements = await Promise.all(rings.map((ring) => ring.sign(STATEMENTS.decision, claims)));
  expect(new Set(statements).size).toBe(1);
  expect(rings[0]?.jwks().keys).toHaveLength(1);
});
