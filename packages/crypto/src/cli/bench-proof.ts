/** `npm run bench:proof`: what keys and receipts cost a check, in microseconds of CPU and in bytes. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDataKey, openKeyRing } from '../key-ring.ts';
import { STATEMENTS, verifyStatement } from '../verify-statement.ts';

const ROUNDS = 2_000;
const dir = await mkdtemp(join(tmpdir(), 'livegate-bench-'));
const ring = await openKeyRing({ dir });
const until = new Date(Date.now() + 30 * 60_000);
const dataKey = newDataKey();
const wrapped = await ring.epochs.wrapUntil(dataKey, { until, purpose: 'p' });
const lasting = ring.wrap(dataKey, 'p');
const frame = randomBytes(200_000);

/** As long as a real one: a hosted check of eight frames, six models. */
const claims = {
  version: 1,
  reference: '2f0b5a52-8a63-4a2c-9d66-5a31a8a0f6c1',
  client: `cli_${'a'.repeat(26)}`,
  contract: 'globaldata',
  result: { passed: true, confidence: 98.76, comparator: '>', threshold: 70, score: 0.98765432101, reasons: [] },
  frames: Array.from({ length: 8 }, (_, seq) => ({ seq, sha256: 'a'.repeat(64), score: 0.98765432101, reasons: [] })),
  profile: 'recommended',
  models: Array.from({ length: 6 }, (_, index) => ({ id: `model_number_${index}`, sha256: 'b'.repeat(64) })),
  challenge: { kind: 'none', transcript_sha256: null },
  times: Object.fromEntries(
    ['created_at', 'started_at', 'submitted_at', 'decided_at'].map((name) => [name, until.toISOString()]),
  ),
};
const receipt = await ring.signing.sign(STATEMENTS.decision, claims);
const jwks = ring.signing.jwks();

const report = {
  'wrap a data key under its epoch': await measure(() => ring.epochs.wrapUntil(dataKey, { until, purpose: 'p' })),
  'unwrap it': await measure(() => ring.unwrap(wrapped, 'p')),
  'wrap under a lasting key, as before': await measure(() => ring.wrap(dataKey, 'p')),
  'unwrap that': await measure(() => ring.unwrap(lasting, 'p')),
  'hash a frame of 200 KB': await measure(() => createHash('sha256').update(frame).digest()),
  'sign a receipt': await measure(() => ring.signing.sign(STATEMENTS.decision, claims)),
  'verify a receipt': await measure(() => verifyStatement(STATEMENTS.decision, receipt, jwks)),
  'link a line of the audit log': await measure(() => ring.audit.linkAfter(wrapped.subarray(0, 32), 'a'.repeat(200))),
};
for (const [what, microseconds] of Object.entries(report)) {
  process.stdout.write(`${microseconds.toFixed(1).padStart(8)} us CPU  ${what}\n`);
}
process.stdout.write(`${String(receipt.length).padStart(8)} bytes   a receipt of eight frames and six models\n`);
process.stdout.write(`${String(wrapped.length).padStart(8)} bytes   a wrapped data key\n`);
await rm(dir, { recursive: true });

async function measure(work: () => unknown): Promise<number> {
  for (let round = 0; round < ROUNDS / 10; round += 1) await work();
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / ROUNDS;
}
