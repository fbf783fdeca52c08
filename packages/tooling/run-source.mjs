// `node packages/tooling/run-source.mjs FILE.ts …`: runs `main(words, signal)` of a TypeScript file from source, as the tests
// do, without a build of its own. The exit code is what `main` resolves to.
import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { createServer, createServerModuleRunner } from 'vite';

const [file, ...words] = process.argv.slice(2);
if (!file) {
  process.stderr.write('usage: node packages/tooling/run-source.mjs FILE.ts …\n');
  process.exit(2);
}

const conditions = ['source', 'module', 'node', 'default'];
const source = await createServer({
  root: new URL('../..', import.meta.url).pathname,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
  ssr: { resolve: { conditions, externalConditions: conditions } },
});
const runner = createServerModuleRunner(source.environments.ssr, { hmr: false });

// The first Ctrl-C ends the run in order, with everything it started.
const interruption = new AbortController();
// Everything that waits listens.
setMaxListeners(0, interruption.signal);
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());
try {
  const { main } = await runner.import(resolve(file));
  process.exitCode = await main(words, interruption.signal);
} catch (error) {
  if (!interruption.signal.aborted) {
    process.stderr.write(`${error.name === 'UsageError' ? error.message : error.stack}\n`);
  }
  process.exitCode = interruption.signal.aborted ? 130 : 2;
} finally {
  await source.close();
}
// Everything that was started has ended; what may be left are kept-alive sockets of our own clients.
process.exit();
