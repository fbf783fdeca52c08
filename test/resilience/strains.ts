/** Faults that take more than a signal: inference children, processors kept busy, clients that will not finish. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { connect } from 'node:net';
import { commandOf, descendantsOf } from '@livegate/test-kit/process-tree';
import type { Cluster, Member } from './cluster.ts';
import type { Heal } from './nemesis.ts';

/** Signals the inference children of a worker, not the worker. */
export async function signalChildren(worker: Member, signal: NodeJS.Signals): Promise<void> {
  const pid = worker.pid();
  if (pid === null) return;
  for (const child of await descendantsOf(pid)) {
    if (!(await commandOf(child)).includes('inference-child')) continue;
    try {
      process.kill(child, signal);
    } catch {
      // It ended by itself.
    }
  }
}

/** One busy loop per processor, at the priority of the services. */
export function starveCpu(): Heal {
  const busy = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'setTimeout(() => process.exit(), 30_000); (function spin() { for (let i = 0; i < 1e7; i++); setImmediate(spin); })()'], {
      stdio: 'ignore',
    }),
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
