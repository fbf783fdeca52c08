/** What the console's stories may touch. */
import type { Database } from '@livegate/db/database';
import type { EgressMode } from '@livegate/egress/target-policy';
import type { QueueBoard } from '@livegate/queues/queue-board';
import type { ReadinessChecks } from '@livegate/service-kit/health-server';
import type { CheckImageDeps } from '../instant/check-image.ts';

/** `db` and what is beside it are the api's own; `consoleDb` has few connections, short statements and a role of its own. */
export type ConsoleDeps = CheckImageDeps & {
  consoleDb: Database;
  mode: EgressMode;
  publicUrl: () => string;
  traceUrl: string | null;
  readinessChecks: ReadinessChecks;
  /** Null where the queue is on Postgres. */
  openBoard: (() => Promise<QueueBoard>) | null;
};
