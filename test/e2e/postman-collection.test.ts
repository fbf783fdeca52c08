import { createContext, runInContext } from 'node:vm';
import type { PostmanCollection, PostmanItem } from '@livegate/contracts/description/postman';
import { genuineFace } from '@livegate/test-kit/faces';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';

const face = await genuineFace();
const stack = await startStack();
const collection = (await (await fetch(`${stack.url}/postman.json`)).json()) as PostmanCollection;

// What a user sets, and what requests leave for those after them.
const variables = new Map(collection.variable.map(({ key, value }) => [key, value]));
variables.set('apiKey', stack.apiKey);
variables.set('apiKeyId', /^lv_live_([^_]{12})_/.exec(stack.apiKey)?.[1] ?? '');

const filled = (text: string) =>
  text.replace(/\{\{(\w+)\}\}/g, (_whole, key: string) => {
    const value = variables.get(key);
    if (!value) throw new Error(`nothing has set ${key}`);
    return value;
  });

/** Sends a request as Postman would. */
async function send({ request }: PostmanItem): Promise<Response> {
  const headers = new Headers();
  for (const { key, value, disabled } of request.header) if (!disabled) headers.set(key, filled(value));
  if (request.auth?.type === 'bearer')
    headers.set('authorization', `Bearer ${filled(request.auth.bearer[0]?.value ?? '')}`);
  return fetch(filled(request.url.raw), { method: request.method, headers, ...bodyOf(request.body) });
}

function bodyOf(body: PostmanItem['request']['body']): RequestInit {
  switch (body?.mode) {
    case undefined:
      return {};
    case 'raw':
      return { body: filled(body.raw) };
    case 'file':
      return { body: new Uint8Array(face) };
    case 'formdata': {
      const form = new FormData();
      for (const part of body.formdata) {
        if (part.type === 'file') form.set(part.key, new Blob([new Uint8Array(face)]), part.src);
        else form.set(part.key, filled(part.value));
      }
      return { body: form };
    }
  }
}

/** Runs an item's scripts, with as much of Postman's `pm` as they use. */
function runScripts({ event = [] }: PostmanItem, body: unknown): void {
  const pm = {
    response: { json: () => body },
    collectionVariables: { set: (key: string, value: string) => void variables.set(key, value) },
  };
  for (const { script } of event) runInContext(script.exec.join('\n'), createContext({ pm }));
}

describe('the Postman collection, run from top to bottom', () => {
  it.each(
    collection.item.flatMap((folder) => folder.item.map((item) => ({ name: `${folder.name}: ${item.name}`, item }))),
  )('$name', async ({ item }) => {
    const response = await send(item);
    const text = await response.text();
    expect(response.status, text.slice(0, 300)).toBeLessThan(300);
    if (response.headers.get('content-type')?.includes('json')) runScripts(item, JSON.parse(text));
  });

  it('has made one check, with one submission', async () => {
    const { rows } = await stack.db.query(
      `select count(*)::int as checks, count(submitted_at)::int as submissions from checks where kind = 'hosted'`,
    );
    expect(rows[0]).toEqual({ checks: 1, submissions: 1 });
  });

  it('says NO_FACE of the picture that it brings along', async () => {
    const item = collection.item.find(({ name }) => name === 'Verifik')?.item[0] as PostmanItem;
    expect((await send(item)).headers.get('x-liveness-reason')).toBe('NO_FACE');
  });
});
