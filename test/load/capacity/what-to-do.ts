/** What to do when a part is full, with the code that does it, or an honest "not yet": THE table. */
export const REMEDIES = [
  {
    part: 'inference',
    remedy: 'more workers, each with a child per core; KEDA adds them by the oldest age',
    where: 'services/inference-worker, infra/k8s/base/scaling.yaml',
  },
  {
    part: 'api, lifecycle, webhook-dispatcher',
    remedy: 'more processes',
    where:
      'shown by `npm run test:scale-out`; every lifecycle hears of every check and one decides it: work is not divided',
  },
  {
    part: 'WAL of Postgres, frames in it',
    remedy: 'frames in an object store',
    where: 'FRAME_STORE_URL=s3://…: packages/frame-store/src/s3-frames.ts',
  },
  {
    part: 'Postgres storage, deletes and vacuum',
    remedy: 'time partitions, dropped whole',
    where: 'not yet: retention deletes rows (services/lifecycle/src/sweeps)',
  },
  {
    part: 'Postgres CPU',
    remedy: 'reads from replicas',
    where:
      'not yet: every query goes to the primary; a retrieve reads its own writes, so it could move only with a bound on lag',
  },
  {
    part: 'Redis (one thread)',
    remedy: 'the queue over several Redis, by batch id',
    where: 'not yet: one queue, one Redis (packages/queues/src/catalog.ts); Redis Cluster does not divide one queue',
  },
  {
    part: 'deliveries',
    remedy: 'claims by shard of lanes',
    where: 'not yet: one claim at a time under one lock (packages/db/src/deliveries.ts)',
  },
  {
    part: 'everything of which there is one',
    remedy: 'cells: whole installations, each with its clients',
    where:
      'no code: nothing crosses clients but operators, and a key names its cell to whatever routes; routing by key: not yet (infra/edge)',
  },
] as const;
