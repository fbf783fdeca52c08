import { aCheck } from '@livegate/test-kit/builders';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { startTcpFaultProxy } from '@livegate/test-kit/tcp-fault-proxy';
import { describe, expect, it } from 'vitest';
import { announceScores, startCapture } from './checks.ts';
import { openDatabase, type Queryable } from './database.ts';
import { batchWaitingFrames } from './frame-batches.ts';
import { insertFrame } from './frames.ts';
import { CHANNELS, listen } from './notifications.ts';

const { db, url } = await cloneDatabase();
const count = async (table: string) => (await db.query(`select count(*)::int as rows from ${table}`)).rows[0].rows;

describe('transaction', () => {
  it('takes back all that left in one packet when one of it fails', async () => {
    await db.query('create table notes (text text check (length(text) < 5))');
    const note = (tx: Queryable, text: string) => tx.query('insert into notes values ($1)', [text]);
    await expect(
      db.transaction((tx) => Promise.all([note(tx, 'a'), note(tx, 'too long'), note(tx, 'b')])),
    ).rejects.toMatchObject({ code: '23514' });
    expect(await count('notes')).toBe(0);
    await db.transaction((tx) => Promise.all([note(tx, 'a'), note(tx, 'b')]));
    expect(await count('notes')).toBe(2);
  });

  it('refuses a statement that comes after its end, so that it runs in nobody else’s', async () => {
    let kept: Queryable | undefined;
    await db.transaction(async (tx) => {
      kept = tx;
    });
    await expect(kept?.query('select 1')).rejects.toThrow('over');
  });

  it('rolls back what was done before work failed without a statement', async () => {
    await db.query('create table deeds (n int)');
    const work = db.transaction((tx) => {
      void tx.query('insert into deeds values ($1)', [1]);
      throw new Error('at once');
    });
    await expect(work).rejects.toThrow('at once');
    expect(await count('deeds')).toBe(0);
  });

  it('has a statement planned once per connection', async () => {
    const prepared = await db.transaction(async (tx) => {
      for (const n of [1, 2, 3]) await tx.query('select $1::int as "plannedOnce"', [n]);
      return tx.query(`select count(*)::int as plans from pg_prepared_statements where statement like '%plannedOnce%'`);
    });
    expect(prepared.rows).toEqual([{ plans: 1 }]);
  });
});

describe('a Postgres that vanished without a word', () => {
  it('is given up after half as long again as a statement may take, and then found again', async () => {
    const proxy = await startTcpFaultProxy(Number(new URL(url).port));
    const throughProxy = new URL(url);
    throughProxy.host = `127.0.0.1:${proxy.port}`;
    const own = openDatabase({
      url: throughProxy.href,
      applicationName: 'test',
      maxConnections: 2,
      statementTimeoutMs: 400,
      onError: () => undefined,
    });
    const work = [
      () => own.query('select $1::int as n', [1]),
      () => own.transaction((tx) => Promise.all([tx.query('select 1'), tx.query('select $1::int as n', [2])])),
    ];
    // Two connections stand.
    await Promise.all(work.map((act) => act()));
    proxy.behave({ kind: 'black-hole' });
    for (const outcome of await Promise.allSettled(work.map((act) => act()))) expect(outcome.status).toBe('rejected');
    proxy.behave({ kind: 'none' });
    for (const act of work) await act();
    await own.close();
    await proxy.close();
  });
});

describe('batchWaitingFrames', () => {
  it('makes a batch when none is out, then waits until a batch is full', async () => {
    const { id: checkId } = await aCheck(db);
    const arrive = async (seq: number) => {
      await insertFrame(db, { checkId, attempt: 1, seq, bytes: 1 });
      const hint = await batchWaitingFrames(db, { checkId, attempt: 1, traceparent: null, most: 3 });
      return hint !== null;
    };
    expect([await arrive(0), await arrive(1), await arrive(2), await arrive(3), await arrive(4)]).toEqual([
      ...[true, false, false, true, false],
    ]);
    const { rows } = await db.query(
      `select count(*)::int as frames from frames where check_id = $1 and batch_id is not null group by batch_id order by 1`,
      [checkId],
    );
    expect(rows).toEqual([{ frames: 1 }, { frames: 3 }]);
    await db.query('update frame_batches set scored_at = now() where check_id = $1', [checkId]);
    const hint = await batchWaitingFrames(db, { checkId, attempt: 1, traceparent: null, most: 3 });
    expect(hint).not.toBeNull();
    expect(await batchWaitingFrames(db, { checkId, attempt: 1, traceparent: null, most: 3 })).toBeNull();
  });
});

describe('announceScores', () => {
  it('is silent before the submission, and meets a finish that is under way', async () => {
    const heard: string[] = [];
    const listener = listen({
      url,
      channel: CHANNELS.submissionScored,
      onNotification: (id) => heard.push(id),
      onError: () => undefined,
    });
    const { id: checkId } = await aCheck(db);
    await startCapture(db, { checkId, sessionDigest: Buffer.alloc(32) });
    try {
      // Until the listener listens.
      while (heard.length === 0) {
        await db.query('select pg_notify($1, $2)', [CHANNELS.submissionScored, 'ready']);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await announceScores(db, checkId);
      let announced: Promise<void> | undefined;
      await db.transaction(async (tx) => {
        await tx.query('update checks set submitted_at = now() where id = $1', [checkId]);
        // Waits for the finish, and then sees it.
        announced = db.transaction((other) => announceScores(other, checkId));
        await db.query('select pg_sleep(0.1)');
      });
      await announced;
      await db.query('select pg_notify($1, $2)', [CHANNELS.submissionScored, 'done']);
      while (!heard.includes('done')) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(heard.filter((id) => id === checkId)).toHaveLength(1);
    } finally {
      await listener.close();
    }
  });
});
