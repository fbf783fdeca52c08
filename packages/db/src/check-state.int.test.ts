import { CHECK_STATES, CHECK_TRANSITIONS, type CheckState, isTerminal } from '@livegate/domain/check-state';
import { aCheck, aClient } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { finishCheck } from './finish-check.ts';

const { db } = await cloneDatabase();
const states = Object.keys(CHECK_STATES) as CheckState[];
const buildBody = () => Buffer.from('{}');

/** Puts a check into any state, past the guard: the trigger is off in this session only. */
async function aCheckIn(state: CheckState): Promise<string> {
  const check = await aCheck(db);
  await db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await tx.query('update checks set state = $2, finished_at = $3, passed = $4, score = $5 where id = $1', [
      check.id,
      state,
      isTerminal(state) ? new Date() : null,
      state === 'complete' ? true : null,
      state === 'complete' ? 0.9 : null,
    ]);
  });
  return check.id;
}

/** Tries the transition by hand, as a faulty service would, with all other columns as the new state wants them. */
function move(id: string, to: CheckState): Promise<unknown> {
  return db.query('update checks set state = $2, finished_at = $3, passed = $4, score = $5 where id = $1', [
    id,
    to,
    isTerminal(to) ? new Date() : null,
    to === 'complete' ? false : null,
    to === 'complete' ? 0.1 : null,
  ]);
}

describe('Postgres and the transition table', () => {
  it('knows the states of the domain, no more and no fewer', async () => {
    const { rows } = await db.query('select unnest(enum_range(null::check_state))::text as state');
    expect(rows.map((row) => row.state).sort()).toEqual([...states].sort());
  });

  it('holds the transitions of the domain', async () => {
    const { rows } = await db.query('select from_state as "from", event, to_state as "to" from check_transitions');
    const byText = (a: object, b: object) => JSON.stringify(a).localeCompare(JSON.stringify(b));
    expect(rows.sort(byText)).toEqual(
      [...CHECK_TRANSITIONS].map(({ from, event, to }) => ({ from, event, to })).sort(byText),
    );
  });

  const pairs = states.flatMap((from) => states.filter((to) => to !== from).map((to) => ({ from, to })));
  it.each(pairs)('treats $from → $to as the table says', async ({ from, to }) => {
    const id = await aCheckIn(from);
    const legal = CHECK_TRANSITIONS.some((row) => row.from === from && row.to === to);
    const attempt = move(id, to);
    if (legal) await expect(attempt).resolves.toBeDefined();
    else await expect(attempt).rejects.toThrow(/no transition leads from/);
  });

  it('lets no check be born in a state of its choice', async () => {
    const { id } = await aCheck(db);
    const copy = `insert into checks (id, client_id, reference, token, contract, kind, state, challenge, threshold, audit_images, link_expires_at)
                  select 'chk_copy', client_id, gen_random_uuid(), 'copy', contract, kind, 'in_progress', challenge, threshold, audit_images, now()
                    from checks where id = $1`;
    await expect(db.query(copy, [id])).rejects.toThrow(/cannot be born/);
  });

  it('refuses a pass without a score', async () => {
    const id = await aCheckIn('in_progress');
    const pass = db.query(`update checks set state = 'complete', finished_at = now(), passed = true where id = $1`, [
      id,
    ]);
    await expect(pass).rejects.toThrow(/passed_needs_a_score/);
  });

  it('logs every transition with its event, and lets nobody rewrite the log', async () => {
    const check = await aCheck(db);
    await move(check.id, 'in_progress');
    await move(check.id, 'failed');
    const { rows } = await db.query('select event from check_transition_log where check_id = $1 order by sequence', [
      check.id,
    ]);
    expect(rows.map((row) => row.event)).toEqual(['create', 'start', 'fail']);
    await expect(db.query('update check_transition_log set event = event')).rejects.toThrow(/append-only/);
    await expect(db.query('delete from check_transition_log')).rejects.toThrow(/append-only/);
    await expect(db.query('truncate check_transition_log')).rejects.toThrow(/append-only/);
  });
});

describe('finishCheck', () => {
  it('ends a check once, with one event and one delivery, however many try at the same time', async () => {
    const clientId = await aClient(db);
    const check = await aCheck(db, { clientId, webhookUrl: 'https://example.com/hook' });
    await move(check.id, 'in_progress');
    const fail = () =>
      db.transaction((tx) =>
        finishCheck(tx, {
          checkId: check.id,
          ending: { event: 'fail', failureReason: 'deadline', reasons: [] },
          buildBody,
        }),
      );
    const ends = await Promise.all(Array.from({ length: 5 }, fail));
    expect(ends.filter((eventId) => eventId !== null)).toHaveLength(1);
    const { rows } = await db.query(
      `select (select count(*)::int from events where check_id = $1) as events,
              (select count(*)::int from deliveries where check_id = $1) as deliveries`,
      [check.id],
    );
    expect(rows[0]).toEqual({ events: 1, deliveries: 1 });
  });

  it('refuses to expire a check before its time, and one whose submission came first', async () => {
    const expire = (checkId: string) =>
      db.transaction((tx) => finishCheck(tx, { checkId, ending: { event: 'expire' }, buildBody }));
    const early = await aCheck(db);
    expect(await expire(early.id)).toBeNull();
    const submitted = await aCheckIn('in_progress');
    await db.query(
      `update checks set submitted_at = now(), link_expires_at = now() - interval '1 second' where id = $1`,
      [submitted],
    );
    expect(await expire(submitted)).toBeNull();
    await db.query(`update checks set link_expires_at = now() - interval '1 second' where id = $1`, [early.id]);
    expect(await expire(early.id)).not.toBeNull();
  });

  it('allows one terminal event per check even past the command', async () => {
    const check = await aCheck(db);
    const event = (id: string) =>
      db.query(
        `insert into events (id, check_id, client_id, type, terminal, sequence, body) values ($1, $2, $3, 'failed', true, 1, '')`,
        [id, check.id, check.clientId],
      );
    await event('evt_one');
    await expect(event('evt_two')).rejects.toThrow(/events_one_terminal/);
  });
});
