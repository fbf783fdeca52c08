import { createContext, runInContext } from 'node:vm';
import type { PostmanCollection, PostmanItem, PostmanScript } from '@livegate/contracts/description/postman';
import { genuineFace } from '@livegate/test-kit/faces';
import { startStack } from '@livegate/test-kit/stack';
import { describe, expect, it } from 'vitest';

const face = await genuineFace();
const stack = await startStack();
const collection = (await (await fetch(`${stack.url}/postman.json`)).json()) as PostmanCollection;

// What a user sets, and what requests leave for those after them.
const variables = new Map(collection.variable.map(({ key, value }) => [key, value]));
variables.set('apiKey', stack.apiKey);

const skipped: string[] = [];

type Answer = { status: number; text: string };

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

/** Runs the scripts of the collection, then those of an item, with as much of `pm` as they use; whether to go on. */
function runScripts(listen: PostmanScript['listen'], { event = [], request }: PostmanItem, answer?: Answer): boolean {
  let skipped = false;
  const pm = {
    request,
    execution: {
      skipRequest: () => {
        skipped = true;
      },
    },
    variables: { get: (key: string) => variables.get(key) },
    collectionVariables: { set: (key: string, value: string) => void variables.set(key, value) },
    test: (_name: string, assertion: () => void) => assertion(),
    response: answer && {
      json: () => JSON.parse(answer.text),
      to: {
        be: {
          get success() {
            return expect(answer.status, answer.text.slice(0, 300)).toBeLessThan(300);
          },
        },
      },
    },
  };
  for (const { script } of [...collection.event, ...event].filter((one) => one.listen === listen))
    runInContext(`{${script.exec.join('\n')}}`, createContext({ pm }));
  return !skipped;
}

describe('the Postman collection, run from top to bottom', () => {
  it.each(
    collection.item.flatMap((folder) => folder.item.map((item) => ({ name: `${folder.name}: ${item.name}`, item }))),
  )('$name', async ({ item }) => {
    if (!runScripts('prerequest', item)) {
      skipped.push(item.name);
      return;
    }
    const response = await send(item);
    runScripts('test', item, { status: response.status, text: await response.text() });
    expect(response.status).toBeLessThan(300);
  });

  it('has told no event again, and erased nothing, that nobody chose', () => {
    expect(skipped).toEqual([
      'Offer the capture to another browser',
      'Take the capture over with the token of an offer',
      'Take the capture back',
      'Get an event, with the log of its deliveries',
      'Tell an event again',
      'Tell the events of a time range again',
      'Export a check',
      'Erase a check',
      'What was deleted of a check',
      'How far an erasure is',
      'Take one in hand',
      'See its images',
      'Say what it is',
    ]);
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
