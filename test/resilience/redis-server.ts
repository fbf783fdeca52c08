/** A real redis-server that can crash, hang, forget and come back on the same port. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@livegate/test-kit/eventually';
import { superviseProcess } from './supervised-process.ts';

export type RedisServer = {
  port: number;
  pid(): number | null;
  /** Sends one command past every proxy and returns the raw answer. */
  command(text: string): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** kill -9, and down until `start`. */
  crash(): Promise<void>;
  /** With `forget`, its append-only file is lost meanwhile. */
  start(options?: { forget?: boolean }): Promise<void>;
  stop(): Promise<void>;
};

export async function startRedis({
  port,
  dir,
  logFile,
}: {
  port: number;
  dir: string;
  logFile: string;
}): Promise<RedisServer> {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const durability = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const server = superviseProcess({
    id: 'redis',
    launch: () => ({
      command: 'redis-server',
      words: [...words, ...durability],
      env: { PATH: process.env.PATH ?? '' },
    }),
    logFile,
    cwd: dir,
    onEnd: () => undefined,
  });
  const ready = () => eventually(async () => (await command(port, 'PING')).startsWith('+PONG'), { withinMs: 20_000 });
  await ready();
  return {
    port,
    pid: server.pid,
    command: (text) => command(port, text),
    signal: server.signal,
    crash: server.hold,
    start: async ({ forget = false } = {}) => {
      if (forget) await rm(join(dir, 'appendonlydir'), { recursive: true, force: true });
      server.release();
      await ready();
    },
    stop: server.stop,
  };
}

/** Redis takes commands as plain lines, too. */
async function command(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(2_000, () => socket.destroy(new Error('redis does not answer')));
  try {
    await once(socket, 'connect');
    socket.write(`${text}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  } finally {
    socket.destroy();
  }
}
