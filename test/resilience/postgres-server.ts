/** A real Postgres that can crash, hang and come back: on another port, so the proxies are told where it is. */
import { type LocalPostgres, startLocalPostgres } from '@livegate/local-postgres/local-postgres';
import { eventually } from '@livegate/test-kit/eventually';
import { descendantsOf, isRunning } from '@livegate/test-kit/process-tree';

export type PostgresServer = {
  url(): string;
  port(): number;
  pid(): number;
  /** SIGQUIT is Postgres's own immediate shutdown, SIGKILL what a machine does to it. Down until `start`. */
  crash(how: 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  /** Stops or continues the postmaster and every session. */
  freeze(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  isUp(): Promise<boolean>;
  stop(): Promise<void>;
};

export async function startPostgres({
  dataDir,
  log,
  onMoved,
}: {
  dataDir: string;
  log: (text: string) => void;
  onMoved: (port: number) => void;
}): Promise<PostgresServer> {
  // No power is cut here, only processes die, and the kernel keeps what they wrote: fsync would only slow the disk down.
  const flags = [
    '-c',
    'fsync=off',
    '-c',
    'max_connections=300',
    '-c',
    'max_wal_size=128MB',
    '-c',
    'log_min_messages=warning',
  ];
  const launch = () => startLocalPostgres({ dataDir, flags, log });
  let server: LocalPostgres = await launch();
  const freeze = async (signal: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of [server.pid, ...(await descendantsOf(server.pid))]) {
      try {
        process.kill(pid, signal);
      } catch {
        // A session may have ended since it was listed.
      }
    }
  };
  return {
    url: () => server.url,
    port: () => server.port,
    pid: () => server.pid,
    crash: async (how) => {
      const family = [server.pid, ...(await descendantsOf(server.pid))];
      process.kill(server.pid, how);
      await eventually(async () => !(await Promise.all(family.map(isRunning))).includes(true), { withinMs: 20_000 });
    },
    start: async () => {
      if (await isRunning(server.pid)) return;
      server = await launch();
      onMoved(server.port);
    },
    freeze,
    isUp: () => isRunning(server.pid),
    stop: async () => {
      await freeze('SIGCONT');
      await server.stop();
    },
  };
}
