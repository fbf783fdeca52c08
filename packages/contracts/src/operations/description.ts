/** The rows of the description itself. */
import { z } from 'zod';
import type { Answer, Operation } from './operation.ts';

/** What a cache that asks again is told. */
const unchanged: Answer = {
  description: 'It is as you have it.',
  headers: ['X-Request-ID', 'ETag'],
  content: null,
};

const document = (
  id: string,
  path: string,
  { summary, schema }: { summary: string; schema: z.ZodType },
): Operation => ({
  id,
  method: 'get',
  path,
  tag: 'Description',
  summary,
  description: 'Generated from the schemas that the server and its tests use.',
  security: [],
  answers: {
    200: {
      description: 'The document.',
      headers: ['X-Request-ID', 'ETag', 'Cache-Control'],
      content: { type: 'application/json', schema, examples: {} },
    },
    304: unchanged,
  },
});

export const descriptionOperations: Operation[] = [
  document('showOpenApi', '/openapi.json', {
    summary: 'OpenAPI 3.1',
    schema: z.looseObject({ openapi: z.string().startsWith('3.1.') }).meta({ id: 'OpenApiDocument' }),
  }),
  document('showPostmanCollection', '/postman.json', {
    summary: 'Postman collection 2.1',
    schema: z.looseObject({ info: z.looseObject({ name: z.string() }) }).meta({ id: 'PostmanCollection' }),
  }),
  {
    id: 'showDocs',
    method: 'get',
    path: '/docs',
    tag: 'Description',
    summary: 'This page',
    description: 'The description for people, with a way to try each request.',
    security: [],
    answers: {
      200: {
        description: 'The page.',
        headers: ['X-Request-ID', 'ETag', 'Cache-Control'],
        content: { type: 'text/html', schema: z.string().meta({ id: 'Page' }), examples: {} },
      },
      304: unchanged,
    },
  },
];
