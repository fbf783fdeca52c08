/** What a fault is: a row of the nemesis. */
import type { Cluster } from './cluster.ts';

export type Heal = () => Promise<unknown> | unknown;
/** Does its harm and returns how to undo it. `target` is one of the fault's. */
export type Strike = (cluster: Cluster, target: string) => Promise<Heal> | Heal;
export type Fault = {
  lane: 'processes' | 'surroundings';
  /** Only where the queue is on Redis. */
  redisOnly?: true;
  /** Only on a small disk that can be filled. */
  needsSmallDisk?: true;
  targets: readonly string[];
  /** Shortest and longest duration. */
  seconds: readonly [number, number];
  strike: Strike;
};
