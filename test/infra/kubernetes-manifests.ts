/** infra/k8s as `kubectl kustomize` renders it, and its objects against the schemas that Kubernetes and KEDA publish. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, PersistentVolumeClaim, Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';

export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: any manifest; the schemas and the assertions say what it must be
  [key: string]: any;
};

/** Null where there is no kubectl. */
export function render(folder: string): Manifest[] | null {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const text = execFileSync('kubectl', ['kustomize', join(repositoryRoot, 'infra/k8s', folder)], { encoding: 'utf8' });
  return parseAllDocuments(text).map((document) => document.toJS());
}

type Model = { validate(): void };
const MODELS: Record<string, new (data: never) => Model> = {
  'v1/ConfigMap': ConfigMap,
  'v1/Namespace': Namespace,
  'v1/PersistentVolumeClaim': PersistentVolumeClaim,
  'v1/Service': Service,
  'apps/v1/Deployment': Deployment,
  'batch/v1/Job': Job,
  'networking.k8s.io/v1/NetworkPolicy': NetworkPolicy,
  'policy/v1/PodDisruptionBudget': PodDisruptionBudget,
  'keda.sh/v1alpha1/ScaledObject': ScaledObject,
  'keda.sh/v1alpha1/TriggerAuthentication': TriggerAuthentication,
};

/** What a strict API server would refuse: a wrong type, something missing, or a field that no schema knows. */
export function faultsOf(manifest: Manifest): string[] {
  const Model = MODELS[`${manifest.apiVersion}/${manifest.kind}`];
  if (!Model) return [`no schema at hand for ${manifest.apiVersion} ${manifest.kind}`];
  const seen = new Set<string>();
  try {
    // The compiled validators read every field that they know and no other: what stays unread is a stranger.
    Model.prototype.validate.call(watch(manifest, { path: '', seen }) as never);
  } catch (error) {
    return [(error as Error).message];
  }
  return leaves(manifest, '').filter((path) => !seen.has(path));
}

function watch<T extends object>(value: T, { path, seen }: { path: string; seen: Set<string> }): T {
  return new Proxy(value, {
    get: (target, key, receiver) => {
      const read = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol') return read;
      const place = `${path}/${key}`;
      seen.add(place);
      return typeof read === 'object' && read !== null ? watch(read, { path: place, seen }) : read;
    },
  });
}

function leaves(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}/${key}`));
}
