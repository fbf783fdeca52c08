/**
 * A sign of life that cannot lie: flags say that a worker runs through a whole outage of its queue. Every ten seconds a
 * small job goes through queue and child; the age of the last job of any kind that came out is this worker's health.
 */
import type { Producer } from '@livegate/queues/producer';
import { canaryAged } from '@livegate/telemetry/events';
import type { InferencePool } from './inference-pool.ts';

export type Canary = {
  /** Scores the canary's picture: what a job of this kind asks for. */
  score(): Promise<void>;
  /** A job of any kind was done. */
  sing(): void;
  /** Rejects when no job has been done for so long that the worker must be taken for dead. */
  requireAlive(): Promise<void>;
  close(): void;
};

const EVERY_MS = 10_000;
const DEAD_AFTER_MS = 30_000;

// A grey square of 96 pixels: decoded, searched for a face, found empty.
const PICTURE = Buffer.from(
  '/9j/2wBDABQUFBQVFBcZGRcfIh4iHy4rJycrLkYyNjI2MkZqQk5CQk5Cal5yXVZdcl6phXZ2hanDpJukw+zT0+z/////////2wBDARQUFBQVFBcZGRcf' +
    'Ih4iHy4rJycrLkYyNjI2MkZqQk5CQk5Cal5yXVZdcl6phXZ2hanDpJukw+zT0+z/////////wgARCABgAGADASIAAhEBAxEB/8QAFAABAAAAAAAAAAAA' +
    'AAAAAAAAAP/EABYBAQEBAAAAAAAAAAAAAAAAAAACA//aAAwDAQACEAMQAAAADOwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAA' +
    'AAAAAAAAAHD/2gAIAQEAAT8AEP/EABQRAQAAAAAAAAAAAAAAAAAAAFD/2gAIAQIBAT8AE//EABQRAQAAAAAAAAAAAAAAAAAAAFD/2gAIAQMBAT8AE//Z',
  'base64',
);

type Options = {
  /** Names this process among the workers of the queue. */
  worker: string;
  producer: Producer;
  pool: Pick<InferencePool, 'run'>;
  onError: (error: Error) => void;
  now?: () => number;
};

export function startCanary({ worker, producer, pool, onError, now = () => performance.now() }: Options): Canary {
  let last = now();
  const ask = () => {
    canaryAged({ seconds: (now() - last) / 1_000 });
    // In front: it asks whether the worker works, not how much waits.
    producer.enqueue('inference', { canary: worker }, { front: true }).catch(onError);
  };
  const timer = setInterval(ask, EVERY_MS);
  timer.unref();
  ask();
  return {
    score: async () => {
      await pool.run([PICTURE]);
    },
    sing: () => {
      last = now();
    },
    requireAlive: async () => {
      if (now() - last > DEAD_AFTER_MS) throw new Error(`no job was done for ${Math.round((now() - last) / 1_000)} s`);
    },
    close: () => clearInterval(timer),
  };
}
