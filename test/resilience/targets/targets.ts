/** The numbers of reliability that a run of faults does not time: THE table. All in seconds. */
import type { Bench } from './bench.ts';
import { expiryDelay, firstAttemptDelay, firstAttemptDelayBesideOneThatHangs } from './ends.ts';
import { answerUnderOverload, leaving, refusalUnderOverload } from './overload.ts';
import {
  afterChildrenDied,
  afterPostgresDied,
  afterRedisForgot,
  afterRedisWasAway,
  afterWorkersDied,
  refusalWithoutPostgres,
} from './recovery.ts';

export type Target = {
  id: string;
  what: string;
  seconds: number;
  redisOnly?: true;
  measure: (bench: Bench) => Promise<number>;
};

export const TARGETS: readonly Target[] = [
  { id: 'R2', what: 'inference child killed → verdict, p95', seconds: 10, measure: afterChildrenDied },
  { id: 'R2', what: 'whole workers killed → verdict, p95', seconds: 10, measure: afterWorkersDied },
  { id: 'R3', what: 'Redis forgot all → every verdict', seconds: 30, redisOnly: true, measure: afterRedisForgot },
  { id: 'R4', what: 'Postgres away → 503 + Retry-After', seconds: 1, measure: refusalWithoutPostgres },
  { id: 'R4', what: 'Postgres back → first check', seconds: 5, measure: afterPostgresDied },
  { id: 'R5', what: 'Redis back after 30 s → verdict', seconds: 3, redisOnly: true, measure: afterRedisWasAway },
  { id: 'R8', what: 'end of the link → expired, latest', seconds: 5, measure: expiryDelay },
  { id: 'W1', what: 'end of the check → first attempt, p95', seconds: 1, measure: firstAttemptDelay },
  { id: 'W4', what: 'the same beside one that hangs', seconds: 2, measure: firstAttemptDelayBesideOneThatHangs },
  { id: 'O1', what: 'three times too much: refused, p99', seconds: 0.05, measure: refusalUnderOverload },
  { id: 'O1', what: 'three times too much: accepted, p95', seconds: 15, measure: answerUnderOverload },
  { id: 'O3', what: 'api, SIGTERM → gone', seconds: 10, measure: leaving(['api']) },
  {
    id: 'O3',
    what: 'the others, SIGTERM → gone, longest',
    seconds: 20,
    measure: leaving(['worker-1', 'worker-2', 'lifecycle-1', 'dispatcher-1']),
  },
];
