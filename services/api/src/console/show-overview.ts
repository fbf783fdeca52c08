/** `GET /console/api/overview`: what happens now. One look serves everybody who asks within two seconds. */
import type { OverviewAnswer } from '@livegate/contracts/console/overview';
import { measureBacklog } from '@livegate/db/backlog';
import {
  countChecksByMinute,
  listConnectedServices,
  type MinuteCounts,
  measureDeliveries,
  secondsSinceLastEnd,
} from '@livegate/db/console-queries';
import type { Queryable } from '@livegate/db/database';
import { readiness } from '@livegate/service-kit/health-server';
import type { RequestHandler } from 'express';
import type { ConsoleDeps } from './console-deps.ts';
import { isStopped } from './say-too-much.ts';

const SHARED_MS = 2_000;
const MINUTE_MS = 60_000;
const MINUTES_SHOWN = 30;

export function showOverview(deps: ConsoleDeps): RequestHandler {
  const minutes = rememberMinutes(deps.consoleDb);
  let look: { at: number; answer: Promise<OverviewAnswer> } | null = null;
  return async (_request, response) => {
    const now = Date.now();
    if (!look || now - look.at > SHARED_MS) {
      const answer = lookAround(deps, minutes);
      look = { at: now, answer };
      answer.catch(() => {
        look = null;
      });
    }
    response.json(await look.answer);
  };
}

async function lookAround(
  { consoleDb, producer, readinessChecks }: ConsoleDeps,
  minutes: (now: number) => Promise<MinuteCounts[]>,
): Promise<OverviewAnswer> {
  const now = Date.now();
  const [counted, backlog, deliveries, workers, lastVerdictSeconds, ready, services] = await Promise.all([
    minutes(now),
    measureBacklog(consoleDb),
    measureDeliveries(consoleDb),
    producer.countWorkers('inference').catch(() => null),
    secondsSinceLastEnd(consoleDb),
    readiness(readinessChecks),
    listConnectedServices(consoleDb),
  ]);
  return {
    at: new Date(now).toISOString(),
    minutes: counted.map((row) => ({ ...row, minute: row.minute.toISOString() })),
    backlog,
    deliveries,
    workers,
    lastVerdictSeconds,
    readiness: ready.checks,
    services,
  };
}

/**
 * Half an hour of minutes. One that is two minutes past has all it will ever have, so each look counts two or three of them
 * and not thirty. Where thirty are too many to be counted in time, those before the first look are left out.
 */
function rememberMinutes(db: Queryable): (now: number) => Promise<MinuteCounts[]> {
  const known = new Map<number, MinuteCounts>();
  return async (now) => {
    const newest = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    const oldest = newest - (MINUTES_SHOWN - 1) * MINUTE_MS;
    const wanted = Array.from({ length: MINUTES_SHOWN }, (_, index) => oldest + index * MINUTE_MS);
    const missing = wanted.find((minute) => !known.has(minute)) ?? newest;
    const { since, counted } = await countSince(db, missing).catch((error: unknown) => {
      if (!isStopped(error)) throw error;
      return countSince(db, newest - MINUTE_MS);
    });
    const rows = wanted.flatMap((minute) => {
      const row = minute < since ? known.get(minute) : (counted.get(minute) ?? nothingAt(minute));
      return row ? [row] : [];
    });
    known.clear();
    for (const row of rows) if (row.minute.getTime() < newest - MINUTE_MS) known.set(row.minute.getTime(), row);
    return rows;
  };
}

async function countSince(db: Queryable, since: number) {
  const rows = await countChecksByMinute(db, new Date(since));
  return { since, counted: new Map(rows.map((row) => [row.minute.getTime(), row])) };
}

function nothingAt(minute: number): MinuteCounts {
  return { minute: new Date(minute), created: 0, passed: 0, refused: 0, failed: 0, expired: 0 };
}
