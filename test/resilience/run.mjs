// `node test/resilience/run.mjs <command> …`: runs TypeScript from source, as the tests do, without a build of its own.
import { createServer, createServerModuleRunner } from 'vite';

const COMMANDS = {
  faults: ['./faults-command.ts', 'faultsCommand'],
  full: ['./full-command.ts', 'fullCommand'],
  self: ['./self-command.ts', 'selfCommand'],
  soak: ['./soak-command.ts', 'soakCommand'],
};

const [name = '', ...words] = process.argv.slice(2);
const [file, exported] = COMMANDS[name] ?? [];
if (!file) {
  console.error(`usage: node test/resilience/run.mjs ${Object.keys(COMMANDS).join('|')}`);
  process.exit(2);
}

const root = new URL('../..', import.meta.url).pathname;
const conditions = ['source', 'module', 'node', 'default'];
const source = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
  ssr: { resolve: { conditions, externalConditions: conditions } },
});
const runner = createServerModuleRunner(source.environments.ssr, { hmr: false });
const module = await runner.import(new URL(file, import.meta.url).pathname);

// The first Ctrl-C ends the run in order, with everything it started; the kernel ends what a second one leaves.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());
try {
  process.exitCode = await module[exported](words, interruption.signal);
} catch (error) {
  if (!interruption.signal.aborted) console.error(error.name === 'UsageError' ? error.message : error);
  process.exitCode = interruption.signal.aborted ? 130 : 2;
} finally {
  await source.close();
}
// Everything that was started has ended; what may be left are kept-alive sockets of our own clients.
process.exit();
