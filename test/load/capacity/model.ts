/**
 * The model: everything follows from service times by proportion, and something breaks where a part that cannot be had twice
 * is full. It knows nothing of queueing: latency grows before a limit is reached, which is why parts are planned at 60 %.
 */
import { IMAGE_RETENTION_MINUTES, RETENTION } from '@livegate/domain/retention';
import { QUEUES } from '@livegate/queues/catalog';
import { type ServiceTimes, sumOf } from './service-times.ts';

/** How full a core is planned to be. */
const UTILISATION = 0.6;
/** One Node process has one thread for our code. */
const SINGLE_THREADED = ['api', 'lifecycle', 'webhook-dispatcher'] as const;
/** What a single primary is taken to bear. Assumed, not measured: a large machine with local NVMe. */
const PRIMARY = { cores: 64, walBytesPerSecond: 500e6 };
/** Seconds for which the frames of a capture lie beside those that are kept. */
const CAPTURE_SECONDS = 30;
/** Batches that wait in a burst are planned for this long. */
const BURST_SECONDS = 30;

/** Checks per second of a full system with `children` inference children on `cores` cores, the load made on them too. */
export function predictThroughput(
  { perCheck, idle }: ServiceTimes,
  { children, cores }: { children: number; cores: number },
): number {
  const left = Math.max(0.1, cores - sumOf(idle));
  // A child is one thread; it cannot use more than its core.
  return Math.min(left / sumOf(perCheck), children / (perCheck['inference-children'] as number));
}

/** Cores that are busy at a rate that the system can bear; the load's own are not counted. */
export function predictCores({ perCheck, idle }: ServiceTimes, rate: number): number {
  const { load: _load, ...ours } = perCheck;
  return sumOf(idle) + rate * sumOf(ours);
}

export type Plan = {
  checksPerSecond: number;
  inferenceCores: number;
  processes: Record<(typeof SINGLE_THREADED)[number], number>;
  postgresCores: number;
  walMegabytesPerSecond: number;
  walMegabytesPerSecondWithS3: number;
  commitsPerSecond: number;
  imageGigabytes: number;
  recordGigabytes: number;
  redisCores: number;
  redisMegabytes: number;
  /** The parts of which there is one, as a share of what it bears; above 1 it is broken. */
  loadOfSingleParts: Record<string, number>;
  breaksFirst: string;
};

export function plan(times: ServiceTimes, rate: number): Plan {
  const { perCheck } = times;
  const cores = (name: string) => rate * (perCheck[name] ?? 0);
  const wal = rate * times.walBytesPerCheck;
  // What an object store takes out of Postgres.
  const walWithS3 = Math.max(0, wal - rate * times.frameBytesPerCheck);
  const { count } = QUEUES.inference.keepCompleted;
  const jobs = count + rate * times.jobsPerCheck * BURST_SECONDS;
  const loadOfSingleParts: Record<string, number> = {
    'Redis (one thread)': cores('redis') / UTILISATION,
    'Postgres CPU': cores('postgres') / (PRIMARY.cores * UTILISATION),
    'WAL of Postgres, frames in it': wal / PRIMARY.walBytesPerSecond,
    'WAL of Postgres, frames in S3': walWithS3 / PRIMARY.walBytesPerSecond,
  };
  const [[first = 'nothing', share = 0] = []] = Object.entries(loadOfSingleParts).sort(([, a], [, b]) => b - a);
  return {
    checksPerSecond: rate,
    inferenceCores: Math.ceil((cores('inference-children') + cores('inference-worker')) / UTILISATION),
    processes: Object.fromEntries(
      SINGLE_THREADED.map((name) => [name, Math.max(2, Math.ceil(cores(name) / UTILISATION))]),
    ) as Plan['processes'],
    postgresCores: cores('postgres') / UTILISATION,
    walMegabytesPerSecond: wal / 1e6,
    walMegabytesPerSecondWithS3: walWithS3 / 1e6,
    commitsPerSecond: rate * times.commitsPerCheck,
    imageGigabytes:
      (rate * (IMAGE_RETENTION_MINUTES * 60 * times.imageBytesPerCheck + CAPTURE_SECONDS * times.frameBytesPerCheck)) /
      1e9,
    recordGigabytes:
      (rate *
        (RETENTION.verdict.seconds * times.verdictBytesPerCheck +
          RETENTION.scores.seconds * times.detailBytesPerCheck)) /
      1e9,
    redisCores: cores('redis'),
    redisMegabytes: (times.redisBaseBytes + jobs * times.redisBytesPerJob) / 1e6,
    loadOfSingleParts,
    breaksFirst: share > 1 ? first : 'nothing',
  };
}
