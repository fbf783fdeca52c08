/**
 * The site that shows this page in a frame. It is told how far the person is, and nothing of the outcome. It is spoken to
 * once it has said hello from an origin that the server names; what was to be said before then follows in order.
 */
import type { EmbedMessage } from '@livegate/contracts/embed';
import type { PageView } from './page-view.ts';
import type { Screen } from './screens.ts';

type Said = EmbedMessage extends infer Message
  ? Message extends unknown
    ? Omit<Message, 'source' | 'version'>
    : never
  : never;
export type ClosedReason = Extract<EmbedMessage, { type: 'closed' }>['reason'];

export type EmbeddingSite = {
  /** From now on the site is spoken to, if it is one of these. */
  allow(origins: readonly string[]): void;
  tell(message: Said): void;
};

/** Listens for the site's hello from the first moment; null when the page is not in a frame. */
export function listenToSite(window: Window): EmbeddingSite | null {
  const site = window.parent;
  if (site === window) return null;
  let greeted: string | null = null;
  let allowed: readonly string[] | null = null;
  const unsaid: Said[] = [{ type: 'ready' }];

  const speak = () => {
    if (greeted === null || !allowed?.includes(greeted)) return;
    for (const message of unsaid.splice(0)) {
      const whole = { source: 'livegate', version: 1, ...message } as EmbedMessage;
      site.postMessage(whole, greeted);
    }
  };
  window.addEventListener('message', ({ source, origin, data }) => {
    // Other frames can post here, too: only the one around this page is heard.
    if (source !== site || !isHello(data)) return;
    greeted = origin;
    speak();
  });
  return {
    allow: (origins) => {
      allowed = origins;
      speak();
    },
    tell: (message) => {
      unsaid.push(message);
      speak();
    },
  };
}

const STEPS = ['consent', 'permission', 'ready', 'capturing', 'sending'] as const;

/** The view, whose screens the site is told of as they change. */
export function tellingOf(view: PageView, site: EmbeddingSite): PageView {
  let shown: Screen['state'] | null = null;
  return {
    ...view,
    show: (screen) => {
      const step = STEPS.find((known) => known === screen.state);
      if (step && screen.state !== shown) site.tell({ type: 'step', step });
      shown = screen.state;
      return view.show(screen);
    },
  };
}

function isHello(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { source, version, type } = data as Record<string, unknown>;
  return source === 'livegate' && version === 1 && type === 'hello';
}
