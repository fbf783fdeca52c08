/**
 * BullMQ's own board over our queues, to look at and no more: its routes that change something are not given out, and its page
 * is stripped of the font that it would have a stranger's server send. Loaded when it is first asked for.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Queue } from 'bullmq';
import { QUEUES } from './catalog.ts';
import { openQueue, type QueueBackend } from './connection.ts';

type BoardRequest = { params: Record<string, string>; query: Record<string, string> };
type BoardAnswer = { status: number; body: unknown };

export type QueueBoard = {
  /** GET each, in Express's patterns, in this order. */
  routes: { path: string; answer(request: BoardRequest): Promise<BoardAnswer> }[];
  /** Scripts and styles of the page, to be served under `static/`. */
  staticFolder: string;
  /** For all of its screens. `basePath`, with a slash at its end, is where it is mounted. */
  page(basePath: string): Promise<string>;
  close(): Promise<void>;
};

/** Opens connections of its own; `onError` hears of their trouble. For Redis: on Postgres the library cannot count. */
export async function openQueueBoard(backend: QueueBackend, onError: (error: Error) => void): Promise<QueueBoard> {
  const [{ createBullBoard }, { BullMQAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
  ]);
  const queues: Queue[] = Object.keys(QUEUES).map((name) => openQueue(backend, name).on('error', onError));
  const board = collectParts();
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: board.adapter as unknown as Parameters<typeof createBullBoard>[0]['serverAdapter'],
    options: { uiBasePath: UI, uiConfig: { boardTitle: 'Livegate queues', hideRedisDetails: true } },
  });
  return {
    routes: board.routes(),
    staticFolder: join(UI, 'dist/static'),
    page: (basePath) => renderPage(basePath, board.uiConfig()),
    close: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}

const UI = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'));

type LibraryRoute = {
  method: string | string[];
  route: string | string[];
  handler(request: object): { status?: number; body: unknown } | Promise<{ status?: number; body: unknown }>;
};

/** What the library hands to a server, kept to be mounted as ours is. */
function collectParts() {
  let [queues, uiConfig, routes]: [unknown, object, LibraryRoute[]] = [null, {}, []];
  let onFailure: (error: Error) => { status?: number; body: unknown } = () => ({ status: 500, body: {} });
  const adapter = {
    setQueues: (given: unknown) => keep(() => (queues = given)),
    setUIConfig: (given: object) => keep(() => (uiConfig = given)),
    setApiRoutes: (given: LibraryRoute[]) => keep(() => (routes = given)),
    setErrorHandler: (given: typeof onFailure) => keep(() => (onFailure = given)),
    setViewsPath: () => adapter,
    setStaticPath: () => adapter,
    setEntryRoute: () => adapter,
  };
  function keep(assign: () => unknown): typeof adapter {
    assign();
    return adapter;
  }
  const answer = async (route: LibraryRoute, { params, query }: BoardRequest): Promise<BoardAnswer> => {
    const request = { queues, uiConfig, query, params, body: {}, headers: {} };
    const { status = 200, body } = await Promise.resolve(route.handler(request)).catch(onFailure);
    return { status, body };
  };
  return {
    adapter,
    uiConfig: () => uiConfig,
    routes: () =>
      routes
        .filter(({ method }) => [method].flat().includes('get'))
        .flatMap((route) =>
          [route.route].flat().map((path) => ({ path, answer: (request: BoardRequest) => answer(route, request) })),
        ),
  };
}

/** The library's own page, without its foreign font and its inline styles, which our policy refuses. */
async function renderPage(basePath: string, uiConfig: object): Promise<string> {
  const values: Record<string, string> = {
    basePath,
    title: 'Livegate queues',
    favIconDefault: 'static/images/logo.svg',
    favIconAlternative: 'static/favicon-32x32.png',
    uiConfig: JSON.stringify(uiConfig).replaceAll('<', '\\u003c'),
  };
  const template = await readFile(join(UI, 'dist/index.ejs'), 'utf8');
  return template
    .replace(/<link href="https:[^>]*>/g, '')
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/ style="[^"]*"/g, '')
    .replace(/<%[=-] (\w+) %>/g, (_, name: string) => values[name] ?? '');
}
