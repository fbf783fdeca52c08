import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPERATIONS } from '../operations/operations.ts';
import { postmanCollection } from './postman.ts';

// What we use of Postman's collection format 2.1.0, strictly: a key that the format does not know would be ignored there.
const text = z.string();
const pair = z.strictObject({ key: text, value: text, description: text.optional(), disabled: z.boolean().optional() });
const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  description: text,
  auth: z.union([
    z.strictObject({ type: z.literal('noauth') }),
    z.strictObject({
      type: z.literal('bearer'),
      bearer: z.array(z.strictObject({ key: text, value: text, type: z.literal('string') })),
    }),
  ]),
  header: z.array(pair),
  url: z.strictObject({ raw: text, host: z.array(text), path: z.array(text), query: z.array(pair).optional() }),
  body: z
    .discriminatedUnion('mode', [
      z.strictObject({
        mode: z.literal('raw'),
        raw: text,
        options: z.strictObject({ raw: z.strictObject({ language: z.literal('json') }) }),
      }),
      z.strictObject({
        mode: z.literal('formdata'),
        formdata: z.array(
          z.discriminatedUnion('type', [
            z.strictObject({ type: z.literal('file'), key: text, src: text }),
            z.strictObject({ type: z.literal('text'), key: text, value: text }),
          ]),
        ),
      }),
      z.strictObject({ mode: z.literal('file'), file: z.strictObject({ src: text }) }),
    ])
    .optional(),
});
const scripts = z.array(
  z.strictObject({
    listen: z.enum(['prerequest', 'test']),
    script: z.strictObject({ type: z.literal('text/javascript'), exec: z.array(text) }),
  }),
);
const item = z.strictObject({ name: text, request, event: scripts.optional() });
const collection = z.strictObject({
  info: z.strictObject({
    name: text,
    description: text,
    schema: z.literal('https://schema.getpostman.com/json/collection/v2.1.0/collection.json'),
  }),
  item: z.array(z.strictObject({ name: text, description: text, item: z.array(item) })),
  event: scripts,
  variable: z.array(z.strictObject({ key: text, value: text, description: text, type: z.literal('string') })),
});

describe('the Postman collection', () => {
  const made = postmanCollection({ serverUrl: 'https://livegate.example.com' });

  it('has the form of version 2.1', () => {
    expect(collection.parse(made)).toEqual(made);
  });

  it('holds every operation but the form of a page, and no name but those of its variables', () => {
    const items = made.item.flatMap((folder) => folder.item);
    const forms = 'application/x-www-form-urlencoded';
    for (const { method, path } of OPERATIONS.filter(({ request }) => request?.type !== forms)) {
      const pattern = new RegExp(`^{{baseUrl}}${path.replace(/\{\w+\}/g, '[^/]+')}(\\?.*)?$`);
      const found = items.filter(({ request: r }) => r.method === method.toUpperCase() && pattern.test(r.url.raw));
      expect(found.length, `${method} ${path}`).toBeGreaterThan(0);
    }
    // In requests as {{name}}, and in scripts.
    const used = new Set(JSON.stringify(made).match(/(?<=\{\{|variables\.get\(')\w+(?=\}\}|')/g));
    expect([...used].toSorted()).toEqual(made.variable.map(({ key }) => key).toSorted());
  });
});
