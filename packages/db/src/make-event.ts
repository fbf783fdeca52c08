/** An event of a check and the duty to tell it, in the transaction in which it happens. */
import { newId } from '@livegate/domain/ids';
import type { EventType } from '@livegate/domain/webhook-events';
import type { Queryable } from './database.ts';
import { fanOut } from './endpoints.ts';

/** What the body of an event is made of. */
export type EventFacts = {
  id: string;
  event: EventType;
  token: string;
  reference: string;
  createdAt: Date;
  sequence: number;
};

type Happened = Omit<EventFacts, 'id'> & {
  checkId: string;
  clientId: string;
  /** The check's own address, where it is told of this. */
  ownUrl: string | null;
  toEndpoints: boolean;
  terminal: boolean;
  traceparent: string | null;
};

/** Returns the event's id. `buildBody` makes the exact bytes that are stored, signed and sent. All of it leaves in one packet. */
export async function makeEvent(
  tx: Queryable,
  { event, token, reference, createdAt, sequence, terminal, ...told }: Happened,
  buildBody: (facts: EventFacts) => Buffer,
): Promise<string> {
  const facts = { id: newId('event'), event, token, reference, createdAt, sequence };
  await Promise.all([
    tx.query(
      /* sql */ `insert into events (id, check_id, client_id, type, terminal, sequence, body, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [facts.id, told.checkId, told.clientId, event, terminal, sequence, buildBody(facts), createdAt],
    ),
    fanOut(tx, { ...told, eventId: facts.id, type: event }),
  ]);
  return facts.id;
}
