import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '@livegate/service-kit/settings';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeText, OURS, opensKeys, readCompose } from './compose-file.ts';

const SECRETS = ['POSTGRES_PASSWORD', 'GRAFANA_ADMIN_PASSWORD', 'GRAFANA_READER_PASSWORD'];
const given = Object.fromEntries(SECRETS.map((name) => [name, `given-${name}`]));
const compose = readCompose(given);
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it.each(SECRETS)('holds no %s and refuses to start without one', (missing) => {
    expect(() => readCompose({ ...given, [missing]: '' })).toThrow(missing);
    expect(composeText).not.toMatch(new RegExp(`${missing}:?-`));
  });

  it('sets nothing but settings that exist', () => {
    for (const name of OURS) {
      const strangers = Object.keys(compose.services[name]?.environment ?? {}).filter(
        (key) => !(key in SETTINGS) && !/^(OTEL_|AWS_)/.test(key),
      );
      expect(strangers, name).toEqual([]);
    }
  });

  it('hands on every setting that .env may hold, but those that the image and the network decide', () => {
    const decided =
      /^LIVEGATE_(MODE|PORT|HEALTH_PORT|TLS_CERT|TLS_KEY|DATA_DIR|KEY_DIR|MODELS_DIR|MODEL_MIRROR|MODEL_MANIFEST|PROVIDER)$/;
    const handed = new Set(OURS.flatMap((name) => Object.keys(compose.services[name]?.environment ?? {})));
    expect(Object.keys(SETTINGS).filter((name) => !decided.test(name) && !handed.has(name))).toEqual([]);
  });

  it('gives a way out to those that read frames, where the object store is elsewhere', () => {
    const text = readFileSync(join(repositoryRoot, 'infra/docker/compose.store.yml'), 'utf8');
    const { services: letOut } = parse(text) as { services: Record<string, { networks: string[] }> };
    expect(Object.keys(letOut).sort()).toEqual(['inference-worker', 'lifecycle', 'migrate']);
    for (const { networks } of Object.values(letOut)) expect(networks).toContain('outside');
  });

  it('lets every service of ours be scaled: no name and no port of its own', () => {
    for (const name of OURS) {
      expect(compose.services[name]).not.toHaveProperty('container_name');
      expect(compose.services[name]).not.toHaveProperty('ports');
    }
    expect(compose.services.edge?.ports).toEqual(['8080:8080']);
  });

  it('gives a service longer to stop than it takes to drain', () => {
    const limit = /STOP_LIMIT_MS = (\d+)_000/.exec(
      readFileSync(join(repositoryRoot, 'packages/service-kit/src/run-service.ts'), 'utf8'),
    )?.[1];
    for (const name of OURS) {
      expect(Number.parseInt(compose.services[name]?.stop_grace_period ?? '', 10), name).toBeGreaterThan(Number(limit));
    }
  });

  it('takes rights away: read-only root, no capabilities, no way to new ones', () => {
    // Postgres' own entry point changes its user; it has no route out.
    for (const [name, service] of services.filter(([name]) => name !== 'postgres')) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service.privileged, name).toBeUndefined();
    }
  });

  it('lets only api and webhook-dispatcher reach out, and publishes the rest on this machine only', () => {
    expect(compose.networks.inside?.internal).toBe(true);
    const outside = services.filter(([, service]) => service.networks?.includes('outside')).map(([name]) => name);
    expect(outside.sort()).toEqual(['api', 'edge', 'webhook-dispatcher']);
    for (const [name, { ports = [] }] of services) {
      if (name !== 'edge') for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('gives the key directory to every service that opens it, for writing, and to no other', () => {
    const withKeys = services.filter(([, { volumes = [] }]) => volumes.includes('keys:/keys')).map(([name]) => name);
    // The administration has its keys in the service that migrates.
    expect(withKeys.sort()).toEqual([...opensKeys(), 'migrate'].sort());
  });

  it('names a version of every image, mounts files that exist, and depends on services that exist', () => {
    for (const [name, { image, volumes = [], depends_on: needs = {} }] of services) {
      if (image !== 'livegate') expect(image, name).toMatch(/:v?\d/);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(existsSync(join(repositoryRoot, source)), `${name}: ${source}`).toBe(true);
        else expect(Object.keys(compose.volumes), name).toContain(source);
      }
      for (const [need, { condition }] of Object.entries(needs)) {
        expect(compose.services[need], `${name} needs ${need}`).toBeDefined();
        if (condition === 'service_healthy') expect(compose.services[need]?.healthcheck, need).toBeDefined();
      }
    }
  });

  it('scrapes each service at the port that its health check asks', () => {
    const { scrape_configs: jobs } = parse(
      readFileSync(join(repositoryRoot, 'infra/prometheus/prometheus.yml'), 'utf8'),
    ) as { scrape_configs: { job_name: string; dns_sd_configs?: { names: string[]; port: number }[] }[] };
    for (const name of OURS) {
      const [found] = jobs.find((job) => job.job_name === name)?.dns_sd_configs ?? [];
      expect(found?.names).toEqual([name]);
      expect(compose.services[name]?.healthcheck?.test.join(' ')).toContain(`127.0.0.1:${found?.port}/readyz`);
    }
  });
});

describe('the Dockerfile', () => {
  const text = readFileSync(join(repositoryRoot, 'infra/docker/Dockerfile'), 'utf8');
  const stages = [...text.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)].map(([, base, name]) => ({ base, name }));

  it('passes the linter', () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    expect(validate('FROM node AS a\nFROM node AS a\nRNU x')).not.toEqual([]);
  });

  it('has a stage per variant, the CPU one by default, on bases with a version', () => {
    expect(stages.at(-1)?.name).toBe('cpu');
    expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(['build', 'cuda', 'cpu']));
    const names = stages.map(({ name }) => name);
    for (const { base } of stages)
      if (!names.includes(base as string)) expect(base).toMatch(/:[\w$.{}]*(\d|NODE_VERSION)/);
    expect(text).toMatch(/^ARG NODE_VERSION=\d+\.\d+\.\d+$/m);
  });

  it('runs as nobody in particular, and copies in no secret and no neighbour', () => {
    for (const variant of ['cuda', 'cpu']) {
      const body = text.slice(text.indexOf(`AS ${variant}\n`)).split(/^FROM /m)[0] as string;
      expect(body).toMatch(/^USER 1000:1000$/m);
    }
    expect(text).not.toMatch(/^(ADD|COPY \. )/m);
    expect(text).not.toMatch(/(PASSWORD|SECRET|API_KEY)=/);
    const ignored = readFileSync(join(repositoryRoot, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', '.git', '.data', '**/node_modules']));
  });
});
