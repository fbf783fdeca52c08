/** The OpenAPI 3.1 document, made of the table of operations. */
import { z } from 'zod';
import {
  ANSWER_HEADERS,
  type Answer,
  type Operation,
  type Parameter,
  SECURITY_SCHEMES,
  TAGS,
} from '../operations/operation.ts';
import { OPERATIONS } from '../operations/operations.ts';
import { webhookEvent } from '../webhook-event.ts';
import { introduction } from './introduction.ts';

export type JsonSchema = { [key: string]: unknown };
export type OpenApiDocument = {
  openapi: string;
  info: JsonSchema;
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, JsonSchema>>;
  webhooks: JsonSchema;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: JsonSchema; headers: JsonSchema };
};

/** `serverUrl`: the public address, without a slash at its end. */
export function openApiDocument({ serverUrl }: { serverUrl: string }): OpenApiDocument {
  const schemas = componentSchemas();
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation, schemas) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Livegate',
      version: '0.1.0',
      summary: 'Face liveness, self-hosted, behind the contracts of four vendors.',
      description: introduction(serverUrl),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      contact: { name: 'The operator of this server', url: serverUrl },
    },
    servers: [{ url: serverUrl, description: 'This server' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: { checkEnded: { post: describeWebhook(schemas) } },
    components: { schemas: schemas.all, securitySchemes: { ...SECURITY_SCHEMES }, headers: { ...ANSWER_HEADERS } },
  };
}

function describeOperation(operation: Operation, schemas: Components): JsonSchema {
  const { id, tag, summary, description, security, parameters = [], request, answers } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    // Needed together, so one requirement; none at all is said with an empty list.
    security: security.length > 0 ? [Object.fromEntries(security.map((name) => [name, []]))] : [],
    ...(parameters.length > 0 ? { parameters: parameters.map(describeParameter) } : {}),
    ...(request
      ? {
          requestBody: {
            required: !request.optional,
            content: { [request.type]: describeContent(schemas.reference(request.schema, 'input'), request.examples) },
          },
        }
      : {}),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer, schemas)]),
    ),
  };
}

const describeParameter = ({ in: place, ...parameter }: Parameter): JsonSchema => ({ in: place, ...parameter });

function describeAnswer({ description, headers = [], content }: Answer, schemas: Components): JsonSchema {
  return {
    description,
    ...(headers.length > 0
      ? { headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])) }
      : {}),
    ...(content
      ? { content: { [content.type]: describeContent(schemas.reference(content.schema, 'output'), content.examples) } }
      : {}),
  };
}

function describeContent(schema: JsonSchema, examples: Record<string, unknown>): JsonSchema {
  const named = Object.entries(examples).map(([name, value]) => [name, { value }]);
  return { schema, ...(named.length > 0 ? { examples: Object.fromEntries(named) } : {}) };
}

function describeWebhook(schemas: Components): JsonSchema {
  const header = (name: string, description: string, schema: JsonSchema = { type: 'string' }): JsonSchema => ({
    in: 'header',
    name,
    required: true,
    description,
    schema,
  });
  return {
    operationId: 'checkEnded',
    tags: ['GlobalData'],
    summary: 'A check has ended',
    description:
      "Posted to the check's `webhook_url`, at least once, after the result can be retrieved. Answer 2xx within 15 seconds; 410 ends this delivery; anything else is tried again, 12 times over 79 hours. Redirects are not followed.",
    security: [],
    parameters: [
      header('Signature', 'Lower-case hex HMAC-SHA-256 of the exact body, keyed with the whole `secret` as printed.'),
      header('webhook-id', "The event's id: dedupe by it."),
      header('webhook-timestamp', 'Seconds since 1970 of this attempt: refuse what is older than five minutes.'),
      header(
        'webhook-signature',
        'Standard Webhooks: `v1,` and the base64 HMAC-SHA-256 of `id.timestamp.body`, keyed with the decoded part of `secret` after `whsec_`. Several are separated by spaces.',
      ),
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': describeContent(schemas.reference(webhookEvent, 'output'), {
          complete: {
            id: 'evt_Jk3w8m2TqVb0yR5nXc7dLp1aZs',
            event: 'complete',
            token: 'u2Qe8C9vYl1kP4a7bD6fT3mN9xR5sZ0q',
            reference: '9b2f1c1e-5d4a-4a6e-8a0e-1f2b3c4d5e6f',
            created_at: '2026-01-01T12:00:07.314Z',
            sequence: 1,
          },
        }),
      },
    },
    responses: {
      '2XX': { description: 'Received.' },
      410: { description: 'Gone: this event is not sent again.' },
    },
  };
}

type Components = {
  all: Record<string, JsonSchema>;
  reference: (schema: z.ZodType, io: 'input' | 'output') => JsonSchema;
};

/** Every schema has its name in its own metadata; one name is one schema. */
function componentSchemas(): Components {
  const all: Record<string, JsonSchema> = {};
  const add = (name: string, schema: JsonSchema) => {
    if (all[name] && JSON.stringify(all[name]) !== JSON.stringify(schema)) {
      throw new TypeError(`two different schemas are named ${name}`);
    }
    all[name] = schema;
  };
  return {
    all,
    reference: (schema, io) => {
      const { $ref, $defs = {} } = z.toJSONSchema(schema, { io, override: tidy }) as {
        $ref?: string;
        $defs?: Record<string, JsonSchema>;
      };
      if (!$ref) throw new TypeError('a schema of the table has no id in its metadata');
      for (const [name, definition] of Object.entries($defs)) add(name, rewriteReferences(definition));
      return rewriteReferences({ $ref });
    },
  };
}

/** What zod adds for itself, and what would keep us from ever adding a field to an answer. */
function tidy({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: JsonSchema }): void {
  delete jsonSchema.id;
  if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
  // The formats say it better.
  if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  const { catchall } = (zodSchema as z.ZodObject)._zod.def;
  if (jsonSchema.type === 'object' && !catchall) delete jsonSchema.additionalProperties;
}

function rewriteReferences(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
