/**
 * The judge: compares what the outside world was told with what the database and the receiver hold. Invariants I1 to I6 of the
 * fault matrix, and that no result was recorded by a worker whose claim had been given to another.
 */
import type { Queryable } from '@livegate/db/database';
import { type CheckRow, type Finding, finding } from './finding.ts';
import { judgeDeliveries } from './judge-deliveries.ts';
import { type Op, outcomeOf } from './load.ts';
import type { Reception } from './receiver.ts';

export type Counts = { accepted: number; complete: number; expired: number; failed: number };
export type Judgement = { counts: Counts; findings: Finding[]; notes: string[] };

export type Evidence = {
  db: Queryable;
  ops: readonly Op[];
  receptions: readonly Reception[];
  /** GET of a check by its token, after the drain. */
  retrieve: (token: string) => Promise<{ status: number; body: unknown }>;
};

export async function judge({ db, ops, receptions, retrieve }: Evidence): Promise<Judgement> {
  const checks = await readChecks(db);
  const vanished = ops.filter((op) => answered(op) && !checks.some((check) => isOf(check, op)));
  const inState = (state: string) => checks.filter((check) => check.state === state).length;
  const findings = [
    ...vanished.map((op) => finding('lost', 'an answered create has no row', op.id)),
    ...checks.flatMap(judgeRow),
    ...judgeOrigins(checks, ops),
    ...(await judgePolls(checks, { ops, retrieve })),
    ...(await judgeDeliveries(db, { checks, ops, receptions })),
    ...(await judgeFencing(db)),
  ];
  const counts = {
    accepted: checks.length + vanished.length,
    complete: inState('complete'),
    expired: inState('expired'),
    failed: inState('failed'),
  };
  return { counts, findings, notes: await takeNotes(db, { checks, receptions }) };
}

async function readChecks(db: Queryable): Promise<CheckRow[]> {
  const { rows } = await db.query(
    `select id, token, reference::text, kind, state, substring(return_url from 'op=(.*)$') as "opId", webhook_url as "webhookUrl",
            attempt, passed, failure_reason as "failureReason",
            coalesce(state = 'expired' and finished_at < link_expires_at, false) as "expiredEarly",
            coalesce(passed and (score is null or not exists (select from frame_batches batch
              where batch.check_id = checks.id and batch.attempt = checks.attempt and batch.scored_at is not null)), false)
              as "passedUnscored",
            (select count(*)::int from events where events.check_id = checks.id and terminal) as "terminalEvents",
            (select count(*)::int from check_transition_log log where log.check_id = checks.id
              and log.to_state in ('complete', 'expired', 'failed')) as "terminalMoves"
       from checks`,
  );
  return rows;
}

/** What one row says of itself: it ended (I1), once (I2), not too early, and passed by a score only (I5). */
function judgeRow(check: CheckRow): Finding[] {
  const ended = ['complete', 'expired', 'failed'].includes(check.state);
  return [
    ...(ended ? [] : [finding('lost', `still ${check.state}`, check.id)]),
    ...(ended && check.terminalEvents === 0 ? [finding('lost', 'ended without an event', check.id)] : []),
    ...(check.terminalEvents > 1 ? [finding('duplicated', `${check.terminalEvents} terminal events`, check.id)] : []),
    ...(check.terminalMoves > 1 ? [finding('duplicated', `ended ${check.terminalMoves} times`, check.id)] : []),
    ...(check.expiredEarly ? [finding('unexpected', 'expired before its link', check.id)] : []),
    ...(check.passedUnscored ? [finding('unexpected', 'passed without a score', check.id)] : []),
  ];
}

/** Every row was asked for; a repeated create made one; a submission that was taken did not end as if there had been none (I4). */
function judgeOrigins(checks: readonly CheckRow[], ops: readonly Op[]): Finding[] {
  const byId = new Map(ops.map((op) => [op.id, op]));
  const seen = new Map<string, number>();
  const findings: Finding[] = [];
  for (const check of checks) {
    if (check.kind === 'instant') continue;
    const op = check.opId === null ? undefined : byId.get(check.opId);
    if (!op) findings.push(finding('unexpected', 'a check nobody asked for', check.id));
    else seen.set(op.id, (seen.get(op.id) ?? 0) + 1);
    // A later attempt may expire: the earlier one had been handed back to the person.
    if (op?.submitted && check.state === 'expired' && check.attempt === 1)
      findings.push(finding('lost', 'an accepted submission expired', check.id));
  }
  for (const [id, count] of seen)
    if (count > 1) findings.push(finding('duplicated', `one create made ${count} checks`, id));
  return findings;
}

/** Answers only ever go forward (I6), and the last one is what the database says. */
async function judgePolls(
  checks: readonly CheckRow[],
  { ops, retrieve }: Pick<Evidence, 'ops' | 'retrieve'>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const op of ops) {
    const check = checks.find((row) => isOf(row, op));
    if (!check) continue;
    if (op.instant && (check.state !== 'complete' || check.passed !== op.instant.passed))
      findings.push(finding('unexpected', `answered passed:${op.instant.passed}, stored ${check.state}`, check.id));
    if (!op.created) continue;
    const { status, body } = await retrieve(check.token);
    const told = [...op.polled, { status, outcome: outcomeOf(body) }];
    if (goesBack(told)) findings.push(finding('unexpected', `answers went back: ${JSON.stringify(told)}`, check.id));
    if (status !== (check.state === 'expired' ? 410 : 200))
      findings.push(finding('unexpected', `GET says ${status}, the row ${check.state}`, check.id));
  }
  return findings;
}

/** Pending, then in progress, then one end for ever. */
function goesBack(told: Op['polled']): boolean {
  const ends = told.filter(({ status }) => status !== 202);
  const waits = told.slice(0, told.length - ends.length);
  const started = waits.findIndex(({ outcome }) => outcome === 'in_progress');
  return (
    waits.some(({ status }) => status !== 202) ||
    (started >= 0 && waits.slice(started).some(({ outcome }) => outcome === 'pending')) ||
    ends.some(({ status, outcome }) => status !== ends[0]?.status || outcome !== ends[0].outcome)
  );
}

/** A score may be recorded only by a worker that claimed the batch in the generation it then had. */
async function judgeFencing(db: Queryable): Promise<Finding[]> {
  const { rows } = await db.query(
    `select batch_id, who, generation from harness.batch_log score
      where what = 'score' and not exists (select from harness.batch_log claim
        where claim.what = 'claim' and claim.batch_id = score.batch_id and claim.who = score.who
          and claim.generation = score.generation and claim.sequence < score.sequence)`,
  );
  return rows.map((row) =>
    finding('unexpected', `${row.who} scored generation ${row.generation} unclaimed`, row.batch_id),
  );
}

/** What is worth seeing and wrong in no way. */
async function takeNotes(
  db: Queryable,
  { checks, receptions }: { checks: readonly CheckRow[]; receptions: readonly Reception[] },
): Promise<string[]> {
  const reasons = new Map<string, number>();
  for (const { failureReason } of checks)
    if (failureReason) reasons.set(failureReason, (reasons.get(failureReason) ?? 0) + 1);
  const { rows } = await db.query(
    `select (select count(*)::int from harness.batch_log where what = 're-drive') as redriven,
            (select count(*)::int from harness.batch_log where what = 'claim') as claimed,
            (select coalesce(max(attempts_started), 0) from frame_batches) as "mostStarts",
            (select coalesce(round(extract(epoch from max(finished_at - link_expires_at))::numeric, 1), 0)
               from checks where state = 'expired') as "latestExpiry"`,
  );
  return [
    `failed: ${[...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ') || 'none'}`,
    `batches: ${rows[0].claimed} claims, ${rows[0].redriven} re-drives, at most ${rows[0].mostStarts} starts of one`,
    `latest expiry: ${rows[0].latestExpiry} s after the end of its link`,
    `webhook requests that arrived: ${receptions.length}`,
  ];
}

export function isOf(check: CheckRow, op: Op): boolean {
  if (op.created) return check.token === op.created.token;
  if (op.instant) return check.reference === op.instant.reference;
  return check.opId === op.id;
}

const answered = (op: Op) => op.created !== null || op.instant !== null;
