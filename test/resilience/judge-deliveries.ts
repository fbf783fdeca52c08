/** Each event reached the receiver (I3), as it was stored, signed with the secret its creator was given, under one id. */
import { createHmac } from 'node:crypto';
import type { Queryable } from '@livegate/db/database';
import { type CheckRow, type Finding, finding } from './finding.ts';
import type { Op } from './load.ts';
import type { Reception } from './receiver.ts';

type EventRow = { id: string; checkId: string; type: string; body: Buffer; isOpen: boolean; saidDelivered: boolean };
type Heard = { checks: readonly CheckRow[]; ops: readonly Op[]; receptions: readonly Reception[] };

export async function judgeDeliveries(db: Queryable, { checks, ops, receptions }: Heard): Promise<Finding[]> {
  const events = await readEvents(db);
  const byId = new Map(events.map((event) => [event.id, event]));
  const checkById = new Map(checks.map((check) => [check.id, check]));
  const secrets = new Map(ops.flatMap((op) => (op.created ? [[op.created.token, op.created.secret] as const] : [])));
  const heard = new Map<string, Reception[]>();
  for (const reception of receptions)
    heard.set(reception.webhookId, [...(heard.get(reception.webhookId) ?? []), reception]);
  return [
    ...events.flatMap((event) => {
      const check = checkById.get(event.checkId);
      return check?.webhookUrl ? judgeEvent(event, heard.get(event.id) ?? []) : [];
    }),
    ...receptions.flatMap((reception) => {
      const event = byId.get(reception.webhookId);
      if (!event) return [finding('unexpected', 'a webhook of no event', reception.webhookId)];
      const check = checkById.get(event.checkId);
      return judgeReception(reception, { event, check, secret: secrets.get(check?.token ?? '') });
    }),
    ...judgeIds(receptions),
  ];
}

async function readEvents(db: Queryable): Promise<EventRow[]> {
  const { rows } = await db.query(
    `select events.id, events.check_id as "checkId", type, body,
            coalesce(deliveries.next_attempt_at is not null, false) as "isOpen",
            coalesce(deliveries.delivered_at is not null, false) as "saidDelivered"
       from events left join deliveries on deliveries.event_id = events.id where terminal`,
  );
  return rows;
}

function judgeEvent(event: EventRow, copies: readonly Reception[]): Finding[] {
  const took = copies.some(({ status }) => status !== null && status >= 200 && status < 300);
  // 410 is the receiver's own wish to hear no more of it: it was told.
  const declined = copies.some(({ status }) => status === 410);
  if (event.saidDelivered && !took) return [finding('undelivered', 'said to be delivered, never taken', event.id)];
  if (!took && !declined) return [finding('undelivered', `never taken in ${copies.length} copies`, event.id)];
  return event.isOpen ? [finding('undelivered', 'still to be delivered', event.id)] : [];
}

type Sent = { event: EventRow; check: CheckRow | undefined; secret: string | undefined };

function judgeReception({ body, signature }: Reception, { event, check, secret }: Sent): Finding[] {
  const findings: Finding[] = [];
  if (!body.equals(event.body)) findings.push(finding('unexpected', 'a webhook is not what was stored', event.id));
  if (check && event.type !== check.state)
    findings.push(finding('unexpected', `told ${event.type}, stored ${check.state}`, event.id));
  // Without an answer to the create nobody knows the secret.
  if (secret && createHmac('sha256', secret).update(body).digest('hex') !== signature)
    findings.push(finding('unexpected', 'a webhook is not signed with its secret', event.id));
  return findings;
}

/** All copies of what is told about one check carry one id. */
function judgeIds(receptions: readonly Reception[]): Finding[] {
  const ids = new Map<string, Set<string>>();
  for (const { body, webhookId } of receptions) {
    const { token } = JSON.parse(body.toString('utf8')) as { token: string };
    ids.set(token, (ids.get(token) ?? new Set()).add(webhookId));
  }
  return [...ids].flatMap(([token, known]) =>
    known.size > 1 ? [finding('duplicated', `${known.size} webhook ids`, token)] : [],
  );
}
