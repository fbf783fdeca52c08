/** What in an answer of the api its description does not say: nothing may be answered that is not described. */
import { openApiDocument } from '@livegate/contracts/description/openapi';
import { ANSWER_HEADERS, type Answer, type Operation } from '@livegate/contracts/operations/operation';
import { OPERATIONS } from '@livegate/contracts/operations/operations';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

export type ApiAnswer = {
  method: string;
  /** Path and query. */
  target: string;
  status: number;
  header(name: string): string | null;
  body: Buffer;
};

// Files of pages, for browsers alone, and the console, whose api is its page's own: no part of the description.
const STATIC_FILES = /^\/(brand\/|capture-assets\/|docs-assets\/|embed\/|sandbox\/page\.css$|console(\/|$))/;
// What Express answers by itself on any path.
const UNDESCRIBED_METHODS = ['HEAD', 'OPTIONS'];

/** One sentence per fault; none when the answer is as described. */
export function descriptionFaults(answer: ApiAnswer): string[] {
  const path = pathOf(answer.target);
  if (STATIC_FILES.test(path) || UNDESCRIBED_METHODS.includes(answer.method)) return [];
  const onPath = OPERATIONS.filter((operation) => matcher(operation.path).test(path));
  const operation = onPath.find(({ method }) => method === answer.method.toLowerCase());
  const faults = operation ? faultsOfAnswer(operation, answer) : faultsOfRefusal(onPath, answer);
  return faults.map((fault) => `${answer.method} ${path} answered ${answer.status}: ${fault}`);
}

function faultsOfAnswer(operation: Operation, answer: ApiAnswer): string[] {
  const described = operation.answers[answer.status];
  if (!described) return [`${operation.id} has no answer with this status. Body: ${excerpt(answer.body)}`];
  return [...faultsOfHeaders(described, answer), ...faultsOfBody(described, answer)];
}

/** An unknown path is a problem with 404; a method that a path does not take is 405, or 404, in a shape of that path. */
function faultsOfRefusal(onPath: readonly Operation[], answer: ApiAnswer): string[] {
  const expected = onPath.length > 0 ? [404, 405] : [404];
  if (!expected.includes(answer.status)) return [`only ${expected.join(' or ')} is expected here`];
  const shapes = [...onPath.flatMap(({ answers }) => Object.values(answers)), ...notFound].filter(
    ({ content }) => content !== null,
  );
  return shapes.some((shape) => faultsOfBody(shape, answer).length === 0)
    ? []
    : [`the body has no shape of this path: ${excerpt(answer.body)}`];
}

const notFound = OPERATIONS.flatMap(({ tag, answers }) => (tag === 'Capture' && answers[404] ? [answers[404]] : []));

function faultsOfHeaders({ headers = [] }: Answer, answer: ApiAnswer): string[] {
  return headers.flatMap((name) => {
    const value = answer.header(name);
    const { required, schema } = ANSWER_HEADERS[name];
    if (value === null) return required ? [`the header ${name} is missing`] : [];
    return explain(validator(`header ${name}`, schema), value).map((fault) => `the header ${name} ${fault}`);
  });
}

function faultsOfBody({ content }: Answer, answer: ApiAnswer): string[] {
  if (!content) return answer.body.length === 0 ? [] : [`a body where none is described: ${excerpt(answer.body)}`];
  const type = answer.header('content-type')?.split(';')[0] ?? 'none';
  if (type !== content.type) return [`the type is ${type}, not ${content.type}`];
  if (!content.type.endsWith('json')) return [];
  const { id } = z.globalRegistry.get(content.schema) as { id: string };
  return explain(validator(id, { $ref: `${SCHEMAS}#/$defs/${id}` }), parseJson(answer.body)).map(
    (fault) => `${id}${fault} in ${excerpt(answer.body)}`,
  );
}

const SCHEMAS = 'livegate:schemas';
const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(closedSchemas());

function validator(name: string, schema: object): ValidateFunction {
  const known = validators.get(name) ?? ajv.compile(schema);
  validators.set(name, known);
  return known;
}

/**
 * The schemas as they are published, except that here an object may hold nothing besides its properties: integrators must
 * bear a new field, but no field may come without being described.
 */
function closedSchemas(): object {
  const { components } = openApiDocument({ serverUrl: 'http://localhost' });
  const text = JSON.stringify({ $id: SCHEMAS, $defs: components.schemas }, (_key, value) =>
    value?.type === 'object' && value.properties && value.additionalProperties === undefined
      ? { ...value, additionalProperties: false }
      : value,
  );
  return JSON.parse(text.replaceAll('"#/components/schemas/', '"#/$defs/'));
}

function explain(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const matchers = new Map<string, RegExp>();

/** Express takes a path with or without slashes at its end, in any case. */
function matcher(path: string): RegExp {
  const known = matchers.get(path);
  if (known) return known;
  const escaped = path.replace(/\/$/, '').replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  const made = new RegExp(`^${escaped.replace(/\{\w+\}/g, '[^/]+')}/*$`, 'i');
  matchers.set(path, made);
  return made;
}

function pathOf(target: string): string {
  return target.replace(/[?#].*$/s, '');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function excerpt(body: Buffer): string {
  return body.toString('utf8').slice(0, 300);
}
