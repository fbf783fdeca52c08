/**
 * `/livez` says that the process turns; `/readyz` that it can do its work now; `/startupz` is `/readyz` for slow starts;
 * `/metrics` is what Prometheus scrapes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerScrape } from '@livegate/telemetry/scrape';

/** Named checks; each rejects, or takes longer than a second, when its part is not usable. */
export type ReadinessChecks = Record<string, () => Promise<unknown>>;
export type Readiness = { ready: boolean; checks: Record<string, 'ok' | 'failing'> };

const CHECK_LIMIT_MS = 1_000;

/** Runs every check at once. */
export async function readiness(checks: ReadinessChecks): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, (await passes(check)) ? 'ok' : 'failing'] as const),
  );
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
}

async function passes(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_LIMIT_MS);
  });
  const result = await Promise.race([
    check().then(
      () => true,
      () => false,
    ),
    limit,
  ]);
  clearTimeout(timer);
  return result;
}

/** Serves the four paths; returns its port. */
export async function startHealthServer({
  host,
  port,
  checks,
}: {
  host: string;
  port: number;
  checks: ReadinessChecks;
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const answer = (status: number, body: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        .end(JSON.stringify(body));
    if (path === '/livez') return answer(200, { live: true });
    if (path === '/metrics' && answerScrape(request, response)) return;
    if (path !== '/readyz' && path !== '/startupz') return answer(404, { error: 'not found' });
    const state = await readiness(checks);
    return answer(state.ready ? 200 : 503, state);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
