/** What hostile requests are sent to: Livegate as a process of its own, so that its death and its memory can be seen. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '@livegate/crypto/api-key';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { descendantsOf } from '@livegate/test-kit/process-tree';
import { startService } from '@livegate/test-kit/processes';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { afterAll } from 'vitest';
import { credentials } from '../conformance/contracts.ts';

export type Target = {
  url: string;
  keys: ReturnType<typeof credentials>;
  /** Throws, with what it said last, when the process is gone. */
  requireAlive(): void;
  /** Ids of the processes that decode and score; a new one says that one died. */
  children(): Promise<number[]>;
  /** Megabytes of memory that the process of the api and its siblings holds. */
  residentMegabytes(): Promise<number>;
  /** Sends bytes as they are; gives what comes back until `answers` came, the other side closes, or `waitMs` pass in silence. */
  exchange(bytes: string | Buffer, until?: Until): Promise<string>;
};

type Until = { answers?: number; waitMs?: number };

/** Ended after the file's last test. */
export async function startTarget({ children = 1 }: { children?: number } = {}): Promise<Target> {
  const { url: databaseUrl } = await cloneDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'livegate-target-'));
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  const apiKey = newApiKey('live');
  const service = startService('standalone', {
    LIVEGATE_PORT: '0',
    LIVEGATE_DATA_DIR: dataDir,
    LIVEGATE_MODELS_DIR: join(repositoryRoot, '.models'),
    LIVEGATE_CHILDREN: String(children),
    LIVEGATE_LOG_LEVEL: 'error',
    LIVEGATE_API_KEY: apiKey,
    DATABASE_URL: databaseUrl,
  });
  const [, url = ''] = await service.printed(/URL {7}(\S+)/);
  let exit: unknown = null;
  void service.ended.then((code) => {
    exit = code;
  });
  return {
    url,
    keys: credentials(apiKey),
    requireAlive: () => {
      if (exit !== null) throw new Error(`The process ended with ${exit}: ${service.stderr().slice(-2_000)}`);
    },
    children: () => descendantsOf(service.pid),
    residentMegabytes: async () => {
      const status = await readFile(`/proc/${service.pid}/status`, 'utf8');
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024);
    },
    exchange: (bytes, until = {}) => exchange(url, bytes, until),
  };
}

function exchange(url: string, bytes: string | Buffer, { answers = 1, waitMs = 5_000 }: Until): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname);
    const end = () => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(waitMs, end);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (countAnswers(received) >= answers) end();
    });
    socket.on('error', end).on('close', end);
    socket.write(bytes);
  });
}

/** Whole answers in what was received: all of ours announce their length. */
function countAnswers(received: string): number {
  let count = 0;
  for (let rest = received; ; count += 1) {
    const headEnd = rest.indexOf('\r\n\r\n') + 4;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(rest.slice(0, headEnd))?.[1] ?? 0);
    if (headEnd < 4 || rest.length < headEnd + length) return count;
    rest = rest.slice(headEnd + length);
  }
}
