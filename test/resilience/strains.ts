/** Faults that take more than a signal: inference children, processors kept busy, clients that will not finish. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { commandOf, descendantsOf } from '@livegate/test-kit/process-tree';
import type { Cluster, Member } from './cluster.ts';
import type { Heal } from './fault.ts';

/** The inference children of a worker, by process id. */
export async function inferenceChildren(worker: Member): Promise<number[]> {
  const pid = worker.pid();
  if (pid === null) return [];
  const found: number[] = [];
  for (const child of await descendantsOf(pid))
    if ((await commandOf(child)).includes('inference-child')) found.push(child);
  return found;
}

/** Signals processes by their ids; one that has ended by itself is no fault. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

// Time for the load to hand every worker a batch that its paused child cannot finish.
const CLAIMING_MS = 800;

/** Pauses workers that hold a claim each: their children are stopped first and go on alone, so that answers wait unread. */
export async function pauseMidInference(workers: readonly Member[]): Promise<Heal> {
  const children = (await Promise.all(workers.map(inferenceChildren))).flat();
  signalAll(children, 'SIGSTOP');
  await pause(CLAIMING_MS);
  for (const worker of workers) worker.signal('SIGSTOP');
  signalAll(children, 'SIGCONT');
  return () => {
    for (const worker of workers) worker.signal('SIGCONT');
  };
}

/** One busy loop per processor, at the priority of the services. */
export function starveCpu(): Heal {
  const busy = Array.from({ length: availableParallelism() }, () =>
    spawn(
      process.execPath,
      [
        '-e',
        'setTimeout(() => process.exit(), 30_000); (function spin() { for (let i = 0; i < 1e7; i++); setImmediate(spin); })()',
      ],
      {
        stdio: 'ignore',
      },
    ),
  );
  return () => {
    for (const child of busy) child.kill('SIGKILL');
  };
}

const SLOW_CLIENTS = 150;

/** Many connections that send a request's first line, and then a byte now and then. */
export function slowClients({ url }: Cluster): Heal {
  const sockets = Array.from({ length: SLOW_CLIENTS }, () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /liveness_check HTTP/1.1\r\nHost: x\r\n');
    return socket;
  });
  const timer = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('a');
  }, 1_000);
  return () => {
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  };
}
