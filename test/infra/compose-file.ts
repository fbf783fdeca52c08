/** docker-compose.yml as Docker Compose would read it: merged, with variables filled in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@livegate/test-kit/shared-files';
import { parse } from 'yaml';

type Condition = 'service_healthy' | 'service_completed_successfully' | 'service_started';
export type ComposeService = {
  image: string;
  command?: string[];
  user?: string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: Condition }>;
  healthcheck?: { test: string[] };
  volumes?: string[];
  ports?: string[];
  networks?: string[];
  profiles?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  deploy?: { replicas: number };
  container_name?: string;
  privileged?: boolean;
};
export type ComposeFile = {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean }>;
};

export const OURS = ['api', 'inference-worker', 'lifecycle', 'webhook-dispatcher'] as const;

/** Those that read or make keys, by their own wiring. */
export function opensKeys(): string[] {
  const wiringOf = (name: string) => readFileSync(join(repositoryRoot, 'services', name, 'src/wiring.ts'), 'utf8');
  return OURS.filter((name) => wiringOf(name).includes('openKeyRing('));
}

export const composeText = readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8');

/** Throws, as Compose does, where a `:?` variable is not given. */
export function readCompose(variables: Record<string, string>): ComposeFile {
  return fill(parse(composeText, { merge: true }), variables) as ComposeFile;
}

function fill(value: unknown, variables: Record<string, string>): unknown {
  if (typeof value === 'string') return fillText(value, variables);
  if (Array.isArray(value)) return value.map((item) => fill(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, variables)]));
}

function fillText(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (...groups: string[]) => {
    const [, name = '', operator, word = ''] = groups;
    const given = variables[name];
    if (given) return given;
    if (operator === '?') throw new Error(`required variable ${name} is missing a value: ${word}`);
    return word;
  });
}
