/**
 * What `docker compose up` runs, without Docker: each of our services by the file's own command, environment, health check
 * and order, as plain processes against a real Postgres and Redis, two of what is scaled; then Prometheus and nginx with
 * the files they are given. What changes is only where things are: host names, ports, directories.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { captureClient } from '@livegate/test-kit/capture-client';
import { eventually } from '@livegate/test-kit/eventually';
import { genuineFace } from '@livegate/test-kit/faces';
import { freePort } from '@livegate/test-kit/global-setup';
import { integrator } from '@livegate/test-kit/integrator';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { asContainer } from './as-container.ts';
import { type ComposeService, readCompose } from './compose-file.ts';
import { dashboardTargets, knownMetrics, readPromql } from './queries.ts';

const run = promisify(execFile);
const redisUrl = inject('redisUrl');
const BUILT = ['migrate', 'lifecycle', 'inference-worker', 'webhook-dispatcher', 'api'];
const INSTANCES: Record<string, number> = { 'inference-worker': 2, lifecycle: 2, api: 2 };
const HEALTH_PORTS: Record<string, number> = {
  api: 9080,
  'inference-worker': 9081,
  lifecycle: 9082,
  'webhook-dispatcher': 9083,
};

type Instance = { name: string; port: number; healthPort: number; child: ChildProcess; ended: Promise<unknown> };

describe.skipIf(!redisUrl)('docker-compose.yml as plain processes', async () => {
  const database = await cloneDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'livegate-compose-'));
  const keys = join(directory, 'keys');
  await mkdir(keys);
  // The secrets an operator would draw, with what makes the test small.
  const drawn = await run(process.execPath, ['infra/docker/make-env.mjs'], { cwd: repositoryRoot });
  const secrets = Object.fromEntries(drawn.stdout.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) ?? []));
  const apiKey = secrets.LIVEGATE_API_KEY as string;
  const compose = readCompose({
    ...secrets,
    LIVEGATE_MODEL_PROFILE: 'baseline',
    LIVEGATE_CHILDREN: '1',
    LIVEGATE_LOG_LEVEL: 'warn',
  });
  const instances: Instance[] = [];
  const of = (name: string) => instances.filter((instance) => instance.name === name);
  const errors: string[] = [];

  afterAll(async () => {
    for (const { child, ended } of instances) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    }
    await rm(directory, { recursive: true });
  });

  /** The service's own environment, with the places of this machine. */
  const environment = (service: ComposeService, places: Record<string, string>) => ({
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    ...service.environment,
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl ?? '',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    ...places,
  });
  const start = async (name: string): Promise<Instance> => {
    const service = compose.services[name] as ComposeService;
    const { words, keyDir } = asContainer(service, keys);
    const [program = '', ...args] = words;
    const [port, healthPort] = [await freePort(), await freePort()];
    const places = {
      LIVEGATE_HOST: '127.0.0.1',
      LIVEGATE_PORT: `${port}`,
      LIVEGATE_HEALTH_PORT: `${healthPort}`,
      LIVEGATE_KEY_DIR: keyDir,
    };
    const child = spawn(program, args, {
      cwd: repositoryRoot,
      env: environment(service, places),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk) => errors.push(`${name}: ${chunk}`));
    const instance = { name, port, healthPort, child, ended: once(child, 'exit') };
    instances.push(instance);
    return instance;
  };
  /** The file's own health check, at this instance's port. */
  const isHealthy = async ({ name, healthPort }: Instance) => {
    const [, program = '', ...args] = compose.services[name]?.healthcheck?.test ?? [];
    const here = args.map((text) => text.replace(`:${HEALTH_PORTS[name]}/`, `:${healthPort}/`));
    expect(here).not.toEqual(args);
    return run(program, here).then(
      () => true,
      () => false,
    );
  };
  /** Ready as `depends_on` means it; what was not built here (Postgres, Redis) is up already. */
  const fulfilled = async (name: string, condition: string) => {
    const started = of(name);
    if (!BUILT.includes(name)) return;
    expect(started.length, `${name} must be started first`).toBeGreaterThan(0);
    if (condition === 'service_completed_successfully') {
      for (const { ended } of started) expect(await ended).toEqual([0, null]);
    } else await allHealthy(name);
  };
  const allHealthy = (name: string) =>
    eventually(
      async () => {
        for (const instance of of(name)) {
          if (instance.child.exitCode !== null) throw new Error(`${name} ended: ${errors.join('').slice(-3_000)}`);
          if (!(await isHealthy(instance))) throw new Error(`${name} is not healthy: ${errors.join('').slice(-3_000)}`);
        }
      },
      { withinMs: 90_000 },
    );

  beforeAll(async () => {
    for (const name of BUILT) {
      for (const [need, { condition }] of Object.entries(compose.services[name]?.depends_on ?? {})) {
        await fulfilled(need, condition);
      }
      for (let count = 0; count < (INSTANCES[name] ?? 1); count += 1) await start(name);
    }
    for (const name of BUILT.slice(1)) await allHealthy(name);
  }, 180_000);

  const check = async (port: number) => {
    const backend = integrator({ url: `http://127.0.0.1:${port}`, apiKey });
    const { url, token } = await backend.create({ threshold: 50 });
    await captureClient(url.replace('localhost:8080', `127.0.0.1:${port}`)).submit(await genuineFace());
    return (await backend.untilDone(token)).body;
  };
  /** By the header names of its document, which a proxy may drop. */
  const kairos = async (port: number) => {
    const form = new FormData();
    form.set('selfie', new Blob([new Uint8Array(await genuineFace())]), 'selfie.jpg');
    const headers = { app_id: apiKey.split('_')[2] as string, app_key: apiKey };
    const url = `http://127.0.0.1:${port}/v0.1/liveness-verification`;
    return (await fetch(url, { method: 'POST', headers, body: form })).status;
  };
  const scrape = async ({ healthPort }: Instance) => (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();

  it('becomes healthy in the file’s order, and a check passes through either api', async () => {
    for (const { port } of of('api')) expect(await check(port)).toMatchObject({ status: 'complete' });
  });

  it('tells every metric that a dashboard draws, but those of faults, webhooks and shadows, of which there are none here', async () => {
    const notHere =
      /^(lv_children_lost|lv_delivery_attempts|lv_first_attempt|lv_batches_reenqueued|lv_breaker_moves|lv_frame_reasons|lv_shadow)/;
    const asked = new Set(dashboardTargets.flatMap(({ expr = '' }) => readPromql(expr).metrics));
    const wanted = [...asked].filter((name) => knownMetrics().has(name) && /^(lv|http|process)_/.test(name));
    expect(wanted.length).toBeGreaterThan(25);
    await eventually(
      async () => {
        const texts = (await Promise.all(instances.filter(({ name }) => name !== 'migrate').map(scrape))).join('\n');
        const missing = wanted.filter((name) => !notHere.test(name) && !new RegExp(`^${name}[{ ]`, 'm').test(texts));
        if (missing.length > 0) throw new Error(`not told: ${missing}`);
      },
      { withinMs: 60_000 },
    );
  });

  it('shows no secret and no path of a link in its metrics', async () => {
    const texts = (await Promise.all(instances.filter(({ name }) => name !== 'migrate').map(scrape))).join('\n');
    expect(texts).not.toContain(apiKey);
    expect(texts).toContain('http_route="/c/:secret/frames/:seq"');
    expect(texts).not.toMatch(/\/c\/[A-Za-z0-9_-]{20}/);
  });

  it('is one address behind nginx, and stays so while one api restarts', async (context) => {
    if (!(await run('nginx', ['-v']).catch(() => null))) {
      process.stderr.write('\n*** SKIPPED: no nginx (Debian: nginx-light): the edge was not run ***\n\n');
      return context.skip();
    }
    const port = await freePort();
    const config = (await readFile(join(repositoryRoot, 'infra/edge/nginx.conf'), 'utf8'))
      .replaceAll('/tmp/', `${directory}/`)
      .replace('pid ', 'daemon off;\npid ')
      .replace('listen 8080', `listen 127.0.0.1:${port}`)
      .replace(/ *resolver .*\n/, '')
      // Here the instances have ports instead of addresses.
      .replace(
        '  server {',
        `  upstream api_instances { ${of('api')
          .map((api) => `server 127.0.0.1:${api.port};`)
          .join(' ')} }\n  server {`,
      )
      .replace('set $api api;', '')
      .replace('http://$api:8080', 'http://api_instances');
    await writeFile(join(directory, 'nginx.conf'), config);
    const nginx = spawn('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf')], { stdio: 'ignore' });
    const gone = once(nginx, 'exit');
    try {
      await eventually(async () => (await fetch(`http://127.0.0.1:${port}/livez`)).status === 200);
      const backend = integrator({ url: `http://127.0.0.1:${port}`, apiKey });
      expect(await kairos(port)).toBe(200);
      const [first] = of('api') as [Instance];
      first.child.kill('SIGTERM');
      for (let count = 0; count < 30; count += 1) await backend.create();
      expect(await first.ended).toEqual([0, null]);
      for (let count = 0; count < 10; count += 1) await backend.create();
      expect(await check(port)).toMatchObject({ status: 'complete' });
    } finally {
      nginx.kill('SIGTERM');
      await gone;
    }
  });

  it('shows a killed worker to Prometheus within a minute, in what the dashboards ask', async (context) => {
    if (!(await run('prometheus', ['--version']).catch(() => null))) {
      process.stderr.write('\n*** SKIPPED: no prometheus (Debian: prometheus): it scraped nothing ***\n\n');
      return context.skip();
    }
    const config = parse(await readFile(join(repositoryRoot, 'infra/prometheus/prometheus.yml'), 'utf8'));
    config.rule_files = [join(repositoryRoot, 'infra/prometheus/alerts.yml')];
    config.scrape_configs = config.scrape_configs
      .filter(({ job_name: job }: { job_name: string }) => of(job).length > 0)
      .map(({ job_name: job }: { job_name: string }) => ({
        job_name: job,
        static_configs: [{ targets: of(job).map(({ healthPort }) => `127.0.0.1:${healthPort}`) }],
      }));
    const file = join(directory, 'prometheus.yml');
    await writeFile(file, stringify(config));
    const port = await freePort();
    const prometheus = spawn(
      'prometheus',
      [`--config.file=${file}`, `--storage.tsdb.path=${directory}/tsdb`, `--web.listen-address=127.0.0.1:${port}`],
      { stdio: 'ignore' },
    );
    const gone = once(prometheus, 'exit');
    const ask = async (query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
      return ((await answer.json()) as { data: { result: [] } }).data.result;
    };
    try {
      await eventually(async () => (await ask('up{job="inference-worker"} == 1')).length === 2, { withinMs: 60_000 });
      const [worker] = of('inference-worker') as [Instance];
      worker.child.kill('SIGKILL');
      await worker.ended;
      const answering = 'count by (job) (up{job=~"api|inference-worker|lifecycle|webhook-dispatcher"} == 1)';
      expect(dashboardTargets.map(({ expr }) => expr)).toContain(answering);
      await eventually(
        async () =>
          (await ask(answering)).find(({ metric }) => metric.job === 'inference-worker')?.value[1] === '1' &&
          (await ask('ALERTS{alertname="ServiceDown",job="inference-worker"}')).length === 1,
        { withinMs: 60_000 },
      );
    } finally {
      prometheus.kill('SIGTERM');
      await gone;
    }
  });

  it('stops cleanly when told to', async () => {
    const running = instances.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    expect(running.length).toBeGreaterThan(3);
    for (const { child } of running) child.kill('SIGTERM');
    for (const { name, ended } of running) expect(await ended, name).toEqual([0, null]);
  });
});
