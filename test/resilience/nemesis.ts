/**
 * Every fault there is: THE table. A strike does its harm at once and returns how to undo it; `seconds` is for how long it
 * lasts. Faults of one lane never overlap, those of different lanes may.
 */

import type { TcpFault, TcpFaultProxy } from '@livegate/test-kit/tcp-fault-proxy';
import { changeSchema, restoreSchema } from './change-schema.ts';
import type { Cluster, Member, MemberName } from './cluster.ts';
import { MEMBER_NAMES } from './cluster.ts';
import type { Fault, Heal, Strike } from './fault.ts';
import { bringKeysBack, destroyEpochKeys, rotateKeys, takeKeysAway } from './key-faults.ts';
import { RECEIVER_MOODS, type ReceiverMood } from './receiver.ts';
import { endAgain, publishAgain } from './rogues.ts';
import { inferenceChildren, pauseMidInference, signalAll, slowClients, starveCpu } from './strains.ts';

const nothing: Heal = () => undefined;
const WORKERS = ['worker-1', 'worker-2'] as const;
const LINES = ['all', ...MEMBER_NAMES];
// The skew of reliability.md's R7.
const SKEW_SECONDS = 120;

export const NEMESIS = {
  kill: processes(MEMBER_NAMES, [0, 0], async (cluster, target) => {
    await member(cluster, target).kill();
    return nothing;
  }),
  terminate: processes(MEMBER_NAMES, [0, 0], async (cluster, target) => {
    await member(cluster, target).restart();
    return nothing;
  }),
  pause: processes(MEMBER_NAMES, [2, 8], (cluster, target) => pause([member(cluster, target)])),
  // Longer than a claim's lease: what they held is given to others, and then they come back with a late result.
  'pause-workers': processes(['-'], [11, 12], (cluster) =>
    pauseMidInference(WORKERS.map((name) => cluster.members[name])),
  ),
  'kill-mid-inference': processes(WORKERS, [0, 0], async (cluster, target) => {
    const release = await pauseMidInference([member(cluster, target)]);
    await member(cluster, target).kill();
    await release();
    return nothing;
  }),
  'kill-child': processes(WORKERS, [0, 0], async (cluster, target) => {
    signalAll(await inferenceChildren(member(cluster, target)), 'SIGKILL');
    return nothing;
  }),
  'pause-child': processes(WORKERS, [2, 9], async (cluster, target) => {
    const children = await inferenceChildren(member(cluster, target));
    signalAll(children, 'SIGSTOP');
    return () => signalAll(children, 'SIGCONT');
  }),
  'clock-ahead': processes(MEMBER_NAMES, [4, 8], (cluster, target) => skew(member(cluster, target), SKEW_SECONDS)),
  'clock-behind': processes(MEMBER_NAMES, [4, 8], (cluster, target) => skew(member(cluster, target), -SKEW_SECONDS)),

  'postgres-cut': onLines('postgres', [1, 4], { kind: 'cut' }),
  'postgres-black-hole': onLines('postgres', [2, 6], { kind: 'black-hole' }),
  'postgres-latency': onLines('postgres', [2, 5], { kind: 'latency', ms: 120 }),
  'postgres-drip': onLines('postgres', [2, 4], { kind: 'drip', bytesPerSecond: 2_000 }),
  'postgres-unanswered': onLines('postgres', [1, 3], { kind: 'cut-after-request' }),
  'postgres-sessions-killed': surroundings([0, 0], async (cluster) => {
    await cluster
      .db()
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename <> 'postgres' and backend_type = 'client backend'`,
      );
    return nothing;
  }),
  'postgres-crash': surroundings([1, 4], (cluster) => crashPostgres(cluster, 'SIGQUIT')),
  'postgres-kill': surroundings([1, 4], (cluster) => crashPostgres(cluster, 'SIGKILL')),
  'postgres-freeze': surroundings([2, 6], async ({ postgres }) => {
    await postgres.freeze('SIGSTOP');
    return () => postgres.freeze('SIGCONT');
  }),
  'postgres-disk-full': {
    ...surroundings([2, 5], async ({ disks, postgres }) => {
      await disks.postgres?.fill();
      return async () => {
        await disks.postgres?.free();
        // Out of room for its log it may have given up.
        await postgres.start();
      };
    }),
    needsSmallDisk: true,
  },

  'redis-cut': { ...onLines('redis', [1, 4], { kind: 'cut' }), redisOnly: true },
  'redis-black-hole': { ...onLines('redis', [2, 8], { kind: 'black-hole' }), redisOnly: true },
  'redis-unanswered': { ...onLines('redis', [1, 3], { kind: 'cut-after-request' }), redisOnly: true },
  'redis-flush': redis([0, 0], async ({ redis: server }) => {
    await server?.command('FLUSHALL');
    return nothing;
  }),
  'redis-crash': redis([1, 6], async ({ redis: server }) => {
    await server?.crash();
    return () => server?.start();
  }),
  'redis-forget': redis([1, 3], async ({ redis: server }) => {
    await server?.crash();
    return () => server?.start({ forget: true });
  }),
  'redis-freeze': redis([3, 10], ({ redis: server }) => {
    server?.signal('SIGSTOP');
    return () => server?.signal('SIGCONT');
  }),
  'redis-clients-killed': redis([0, 0], async ({ redis: server }) => {
    await server?.command('CLIENT KILL TYPE normal');
    return nothing;
  }),
  'redis-disk-full': {
    ...redis([2, 5], async ({ disks }) => {
      await disks.redis?.fill();
      return () => disks.redis?.free();
    }),
    needsSmallDisk: true,
  },

  receiver: {
    ...surroundings([2, 6], ({ receiver }, mood) => {
      receiver.setMood(mood as ReceiverMood);
      return () => receiver.setMood('well');
    }),
    targets: RECEIVER_MOODS.filter((mood) => mood !== 'well'),
  },
  'receiver-cut': surroundings([1, 4], ({ receiverProxy }) => misbehave([receiverProxy], { kind: 'cut' })),
  'receiver-black-hole': surroundings([2, 6], ({ receiverProxy }) =>
    misbehave([receiverProxy], { kind: 'black-hole' }),
  ),
  'receiver-unanswered': surroundings([1, 4], ({ receiverProxy }) =>
    misbehave([receiverProxy], { kind: 'cut-after-request' }),
  ),

  'keys-rotated': surroundings([0, 0], rotateKeys),
  'keys-away': surroundings([1, 5], takeKeysAway),
  'keys-destroyed': surroundings([0, 0], destroyEpochKeys),
  'schema-changed': surroundings([1, 5], changeSchema),

  'publish-again': surroundings([0, 0], publishAgain),
  'end-again': surroundings([0, 0], endAgain),
  'cpu-starved': surroundings([2, 5], starveCpu),
  'slow-clients': surroundings([2, 6], slowClients),
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof NEMESIS;
export const FAULT_NAMES = Object.keys(NEMESIS) as FaultName[];

/** Undoes everything that any fault may have left. Starts what is down. */
export async function healEverything(cluster: Cluster): Promise<void> {
  const { postgres, redis: server, receiver, receiverProxy, disks, members } = cluster;
  await disks.postgres?.free();
  await disks.redis?.free();
  await postgres.freeze('SIGCONT');
  await postgres.start();
  server?.signal('SIGCONT');
  await server?.start();
  receiver.setMood('well');
  await bringKeysBack(cluster.keyDir);
  await restoreSchema(cluster);
  for (const proxy of [receiverProxy, ...proxies(cluster, 'postgres', 'all'), ...proxies(cluster, 'redis', 'all')])
    proxy.behave({ kind: 'none' });
  for (const name of MEMBER_NAMES) {
    members[name].skew(0);
    members[name].signal('SIGCONT');
  }
  for (const name of WORKERS) signalAll(await inferenceChildren(members[name]), 'SIGCONT');
}

function processes(targets: readonly string[], seconds: Fault['seconds'], strike: Strike): Fault {
  return { lane: 'processes', targets, seconds, strike };
}

function surroundings(seconds: Fault['seconds'], strike: Strike): Fault {
  return { lane: 'surroundings', targets: ['-'], seconds, strike };
}

function redis(seconds: Fault['seconds'], strike: Strike): Fault {
  return { ...surroundings(seconds, strike), redisOnly: true };
}

/** A network fault on the way from one member, or from all, to a store. */
function onLines(store: 'postgres' | 'redis', seconds: Fault['seconds'], fault: TcpFault): Fault {
  return {
    lane: 'surroundings',
    targets: LINES,
    seconds,
    strike: (cluster, target) => misbehave(proxies(cluster, store, target), fault),
  };
}

function proxies(cluster: Cluster, store: 'postgres' | 'redis', target: string): TcpFaultProxy[] {
  const names = target === 'all' ? MEMBER_NAMES : [target as MemberName];
  return names.map((name) => cluster.members[name][store]).filter((proxy) => proxy !== null);
}

function misbehave(lines: readonly TcpFaultProxy[], fault: TcpFault): Heal {
  for (const line of lines) line.behave(fault);
  return () => {
    for (const line of lines) line.behave({ kind: 'none' });
  };
}

function member(cluster: Cluster, name: string): Member {
  return cluster.members[name as MemberName];
}

function pause(paused: readonly Member[]): Heal {
  for (const one of paused) one.signal('SIGSTOP');
  return () => {
    for (const one of paused) one.signal('SIGCONT');
  };
}

async function skew(one: Member, seconds: number): Promise<Heal> {
  one.skew(seconds);
  await one.kill();
  return async () => {
    one.skew(0);
    await one.kill();
  };
}

async function crashPostgres({ postgres }: Cluster, how: 'SIGQUIT' | 'SIGKILL'): Promise<Heal> {
  await postgres.crash(how);
  return postgres.start;
}
