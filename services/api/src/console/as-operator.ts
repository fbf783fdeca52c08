/** A transaction in an operator's name: what triggers write into the log of acts says who it was, too. */
import { type Act, recordAct } from '@livegate/db/audit-log';
import { actAs, type Database, type Queryable } from '@livegate/db/database';
import type { Response } from 'express';
import { operatorOf } from './require-right.ts';

/** Runs `work` as the operator of this request. */
export function asOperator<T>(db: Database, response: Response, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await actAs(tx, actorOf(response));
    return work(tx);
  });
}

/** Notes what this operator did or saw. */
export function noteAct(db: Queryable, response: Response, act: Omit<Act, 'actor'>): Promise<void> {
  return recordAct(db, { ...act, actor: actorOf(response) });
}

function actorOf(response: Response): string {
  return `operator:${operatorOf(response).name}`;
}
