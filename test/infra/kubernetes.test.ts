import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '@livegate/service-kit/settings';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { describe, expect, it } from 'vitest';
import { OURS, opensKeys, readCompose } from './compose-file.ts';
import { faultsOf, type Manifest, render } from './kubernetes-manifests.ts';
import { knownMetrics, readPromql } from './queries.ts';

const production = render('overlays/production');
const gpu = render('overlays/gpu');
if (!production) {
  process.stderr.write(
    '\n*** SKIPPED: no kubectl (Debian: kubernetes-client): the manifests were not rendered ***\n\n',
  );
}

describe.skipIf(!production)('infra/k8s', () => {
  const all = production ?? [];
  const of = (kind: string) => all.filter((manifest) => manifest.kind === kind);
  const named = (kind: string, name: string) => of(kind).find(({ metadata }) => metadata.name === name) as Manifest;
  const podOf = (manifest: Manifest) => manifest.spec.template.spec;
  const drainSeconds = Number(
    /STOP_LIMIT_MS = (\d+)_000/.exec(
      readFileSync(join(repositoryRoot, 'packages/service-kit/src/run-service.ts'), 'utf8'),
    )?.[1],
  );

  it('is what a strict API server takes: types, required fields, no unknown field', () => {
    expect(all.length).toBeGreaterThan(20);
    for (const manifest of [...all, ...(gpu ?? [])]) {
      expect(faultsOf(manifest), `${manifest.kind} ${manifest.metadata.name}`).toEqual([]);
    }
  });

  it('would be refused with a wrong type, a missing or a misspelt field', () => {
    const broken = (change: (manifest: Manifest) => void) => {
      const copy = structuredClone(named('Deployment', 'api'));
      change(copy);
      return faultsOf(copy);
    };
    expect(broken(({ spec }) => Object.assign(spec, { replicas: 'two' })).join()).toMatch(/replicas/);
    expect(broken(({ spec }) => delete spec.selector).join()).toMatch(/selector/);
    expect(broken(({ spec }) => Object.assign(spec.template.spec, { terminationGraceSeconds: 1 }))).toEqual([
      '/spec/template/spec/terminationGraceSeconds',
    ]);
  });

  it('runs the four services with the commands of the compose file', () => {
    const compose = readCompose({ POSTGRES_PASSWORD: 'p', GRAFANA_ADMIN_PASSWORD: 'p', GRAFANA_READER_PASSWORD: 'p' });
    expect(
      of('Deployment')
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual([...OURS].sort());
    for (const manifest of of('Deployment')) {
      const [container] = podOf(manifest).containers;
      expect(container.command).toEqual(compose.services[manifest.metadata.name]?.command);
    }
    expect(podOf(named('Job', 'migrate')).containers[0].command).toEqual(compose.services.migrate?.command);
  });

  it('sets nothing but settings that exist, and takes every secret by reference', () => {
    const [config] = of('ConfigMap');
    const isKnown = (name: string) => name in SETTINGS || /^(OTEL_|AWS_)/.test(name);
    expect(Object.keys(config?.data).filter((name) => !isKnown(name))).toEqual([]);
    expect(of('Secret')).toEqual([]);
    for (const manifest of [...of('Deployment'), ...of('Job')]) {
      for (const { name, value, valueFrom } of podOf(manifest).containers[0].env) {
        expect(isKnown(name), name).toBe(true);
        if (/URL$|KEY$/.test(name))
          expect([value, valueFrom?.secretKeyRef?.name], name).toEqual([undefined, 'livegate']);
      }
    }
  });

  it('lets a pod drain, keeps one of each through a node’s end, and probes all three health paths', () => {
    for (const manifest of of('Deployment')) {
      const { name } = manifest.metadata;
      const [container] = podOf(manifest).containers;
      const before = Number(container.lifecycle?.preStop?.exec?.command?.[1] ?? 0);
      expect(podOf(manifest).terminationGracePeriodSeconds, name).toBeGreaterThan(drainSeconds + before);
      expect(named('PodDisruptionBudget', name).spec.selector).toEqual(manifest.spec.selector);
      // How many there are is the scaler's alone.
      expect(manifest.spec.replicas, name).toBeUndefined();
      expect(named('PodDisruptionBudget', name).spec.minAvailable).toBeLessThan(
        named('ScaledObject', name).spec.minReplicaCount,
      );
      expect(
        [container.livenessProbe, container.readinessProbe, container.startupProbe].map((p) => p.httpGet.path),
      ).toEqual(['/livez', '/readyz', '/startupz']);
    }
  });

  it('gives pods no right they do not need', () => {
    for (const manifest of [...of('Deployment'), ...of('Job')]) {
      const pod = podOf(manifest);
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(pod.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('gives the key directory to every service that opens it, for writing, by a claim that pods on any node share', () => {
    const mounts = ({ spec }: Manifest) =>
      spec.template.spec.containers[0].volumeMounts.find(({ name }: { name: string }) => name === 'keys');
    const withKeys = of('Deployment').filter(mounts);
    expect(withKeys.map(({ metadata }) => metadata.name).sort()).toEqual(opensKeys().sort());
    for (const manifest of withKeys) {
      expect(mounts(manifest)).toEqual({ name: 'keys', mountPath: '/keys' });
      expect(podOf(manifest).volumes).toContainEqual({
        name: 'keys',
        persistentVolumeClaim: { claimName: 'livegate-keys' },
      });
    }
    expect(named('PersistentVolumeClaim', 'livegate-keys').spec.accessModes).toEqual(['ReadWriteMany']);
  });

  it('has one child on a GPU, in room for its batches', () => {
    const worker = (gpu ?? []).find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'inference-worker',
    );
    const [container] = podOf(worker as Manifest).containers;
    expect(container.env.filter(({ name }: { name: string }) => name === 'LIVEGATE_CHILDREN')).toEqual([
      { name: 'LIVEGATE_CHILDREN', value: '1' },
    ]);
    expect(container.resources.limits).toMatchObject({ memory: '4Gi', 'nvidia.com/gpu': '1' });
  });

  it('denies everything, then lets only api and webhook-dispatcher out to the internet', () => {
    expect(named('NetworkPolicy', 'deny-all').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const wide = of('NetworkPolicy').filter((policy) => JSON.stringify(policy).includes('0.0.0.0/0'));
    expect(wide.map(({ metadata }) => metadata.name)).toEqual(['reach-out']);
    const { matchLabels } = named('NetworkPolicy', 'reach-out').spec.podSelector;
    const letOut = of('Deployment').filter(({ spec }) =>
      Object.entries(matchLabels).every(([key, value]) => spec.template.metadata.labels[key] === value),
    );
    expect(letOut.map(({ metadata }) => metadata.name).sort()).toEqual(['api', 'webhook-dispatcher']);
  });

  it('scales each service on its own signal, by metrics that exist', () => {
    const targets = of('ScaledObject').map(({ spec }) => spec.scaleTargetRef.name);
    expect(targets.sort()).toEqual([...OURS].sort());
    const known = knownMetrics().add('DCGM_FI_DEV_GPU_UTIL');
    const triggers = [...of('ScaledObject'), ...(gpu ?? []).filter(({ kind }) => kind === 'ScaledObject')].flatMap(
      ({ spec }) => spec.triggers as { type: string; metadata: { query: string } }[],
    );
    const asked = triggers.filter(({ type }) => type === 'prometheus').map(({ metadata }) => metadata.query);
    expect(asked.join()).toMatch(/lv_queue_oldest_age_seconds.*lv_delivery_age_seconds.*DCGM/s);
    for (const query of asked) {
      expect(readPromql(query).faults).toEqual([]);
      expect(readPromql(query).metrics.filter((name) => !known.has(name))).toEqual([]);
      expect(query, 'no series is not zero to a scaler').toContain('or vector(0)');
    }
  });
});
