/** What a sweep is, and what it may touch. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database, Queryable } from '@livegate/db/database';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { Producer } from '@livegate/queues/producer';
import type { Logger } from '@livegate/telemetry/logger';

export type SweepDeps = {
  db: Database;
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
  producer: Producer;
  logger: Logger;
};

/** Does one bounded round of work and returns how many things it did. Idempotent, and safe to run twice at once. */
export type Sweep = (deps: SweepDeps) => Promise<number>;
