import { EMBED_ERRORS, EMBED_STEPS, embedMessage } from '@livegate/contracts/embed';
import { expect, test } from 'vitest';
import { listenToSite, tellingOf } from './embedding-site.ts';
import type { PageView } from './page-view.ts';
import type { Screen } from './screens.ts';
import { TROUBLES } from './trouble.ts';

const HELLO = { source: 'livegate', version: 1, type: 'hello' };

/** A window in a frame: what is posted to its parent, and a way to post to it. */
function aFrame() {
  const posted: { message: unknown; to: string }[] = [];
  const parent = { postMessage: (message: unknown, to: string) => posted.push({ message, to }) };
  let hear: (event: unknown) => void = () => undefined;
  const window = {
    parent,
    addEventListener: (_type: string, listener: (event: unknown) => void) => {
      hear = listener;
    },
  } as unknown as Window;
  const site = listenToSite(window);
  if (!site) throw new Error('a window in a frame has a site');
  return { site, posted, parent, hear: (event: object) => hear({ source: parent, data: HELLO, ...event }) };
}

test('a page that is no frame has no site', () => {
  const window = {} as { parent?: unknown };
  window.parent = window;
  expect(listenToSite(window as unknown as Window)).toBeNull();
});

test('nothing is said before the site has said hello and the server has named it; then all of it, in order', () => {
  const { site, posted, hear } = aFrame();
  site.tell({ type: 'step', step: 'consent' });
  hear({ origin: 'https://shop.example' });
  expect(posted).toEqual([]);
  site.allow(['https://other.example', 'https://shop.example']);
  site.tell({ type: 'done' });
  expect(posted.map(({ to }) => to)).toEqual(Array(3).fill('https://shop.example'));
  const messages = posted.map(({ message }) => embedMessage.parse(message));
  expect(messages.map(({ type }) => type)).toEqual(['ready', 'step', 'done']);
});

test.each([
  ['an origin that is not named', { origin: 'https://evil.example' }],
  ['another window', { origin: 'https://shop.example', source: {} }],
  ['another version', { origin: 'https://shop.example', data: { ...HELLO, version: 2 } }],
  ['something else', { origin: 'https://shop.example', data: 'hello' }],
  ['nothing', { origin: 'https://shop.example', data: null }],
  ['a frame without an origin', { origin: 'null' }],
])('%s is not spoken to', (_who, event) => {
  const { site, posted, hear } = aFrame();
  site.allow(['https://shop.example']);
  hear(event);
  site.tell({ type: 'done' });
  expect(posted).toEqual([]);
});

test('a site is told of each screen once, and of none that says how it ended', () => {
  const { site, posted, hear } = aFrame();
  site.allow(['https://shop.example']);
  hear({ origin: 'https://shop.example' });
  const view = tellingOf({ show: async () => 'primary' } as unknown as PageView, site);
  const states: Screen['state'][] = [
    'consent',
    'permission',
    'ready',
    'capturing',
    'capturing',
    'sending',
    'done',
    'failed',
  ];
  for (const state of states) void view.show({ state, title: '', words: '' });
  const steps = posted.map(({ message }) => embedMessage.parse(message)).filter(({ type }) => type === 'step');
  expect(steps.map((message) => message.type === 'step' && message.step)).toEqual([...EMBED_STEPS]);
});

test('the errors that a site can be told of are the troubles that the page has', () => {
  expect([...EMBED_ERRORS].sort()).toEqual(Object.keys(TROUBLES).sort());
});
