/// <reference lib="dom" />
/**
 * `<livegate-check src="URL OF THE CHECK">`: the capture page in a frame of an integrator's site. A script without
 * dependencies, served by the api as it is compiled; the messages are those of `@livegate/contracts/embed`. It tells how far
 * the person is, never how the check ended: for that the site's own backend asks.
 */
import type { EmbedHello, EmbedMessage } from '@livegate/contracts/embed';

type Told<Type extends EmbedMessage['type'] = EmbedMessage['type']> = Type extends unknown
  ? Omit<Extract<EmbedMessage, { type: Type }>, 'source' | 'version'>
  : never;

/** The events of the element, each with what its message said. */
type LivegateCheckEvents = { [Type in EmbedMessage['type'] as `livegate-${Type}`]: CustomEvent<Told<Type>> };

declare global {
  interface HTMLElementTagNameMap {
    'livegate-check': LivegateCheck;
  }
  interface HTMLElementEventMap extends LivegateCheckEvents {}
}

const VERSION: EmbedMessage['version'] = 1;
const HELLO: EmbedHello = { source: 'livegate', version: VERSION, type: 'hello' };

/** What each message carries beside its type. */
const FIELDS: { [Type in EmbedMessage['type']]: readonly (keyof Told<Type>)[] } = {
  ready: [],
  step: ['step'],
  done: [],
  closed: ['reason'],
  error: ['code', 'may_retry'],
};

/** The element where the site says nothing else. */
const SHAPE = { width: '100%', 'max-width': '27rem', height: '43rem', 'max-height': '100vh', overflow: 'hidden' };

/** A page that may not be framed here, or cannot be reached, says nothing at all. */
const SILENT_FOR_MS = 30_000;

// A class cannot extend what is not there: importing this on a server does no harm.
const Base = (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ?? (class {} as typeof HTMLElement);

export class LivegateCheck extends Base {
  static readonly observedAttributes = ['src', 'lang'];
  #isShown = false;
  #close: () => void = () => undefined;

  connectedCallback(): void {
    this.#isShown = true;
    this.#open();
  }

  disconnectedCallback(): void {
    this.#isShown = false;
    this.#close();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (this.#isShown && before !== after) this.#open();
  }

  #open(): void {
    this.#close();
    const address = this.#address();
    if (!address) return;
    const frame = document.createElement('iframe');
    frame.title = this.getAttribute('label') ?? 'Liveness check';
    frame.allow = 'camera';
    frame.referrerPolicy = 'no-referrer';
    frame.src = address.href;
    // Set by script, so that a strict content security policy of the site has nothing to refuse.
    Object.assign(frame.style, { display: 'block', width: '100%', height: '100%', border: '0' });
    const silence = setTimeout(
      () => this.#tell({ type: 'error', code: 'unreachable', may_retry: false }),
      SILENT_FOR_MS,
    );
    const listen = ({ source, origin, data }: MessageEvent) => {
      // Any window can post here: only the frame's, and only while it shows a page of that origin, is heard.
      if (source === null || source !== frame.contentWindow || origin !== address.origin) return;
      const message = readMessage(data);
      if (!message) return;
      clearTimeout(silence);
      this.#tell(message);
    };
    window.addEventListener('message', listen);
    // To that origin alone: whatever else the frame may show does not get it.
    frame.addEventListener('load', () => frame.contentWindow?.postMessage(HELLO, address.origin));
    this.#close = () => {
      clearTimeout(silence);
      window.removeEventListener('message', listen);
      frame.remove();
    };
    this.#place().append(frame);
  }

  /** The page's address in the element's language; null while there is none that a frame should show. */
  #address(): URL | null {
    try {
      const address = new URL(this.getAttribute('src') ?? '');
      if (address.protocol !== 'https:' && address.protocol !== 'http:') return null;
      if (this.lang) address.searchParams.set('lang', this.lang);
      return address;
    } catch {
      return null;
    }
  }

  #root(): ShadowRoot {
    if (this.shadowRoot) return this.shadowRoot;
    const root = this.attachShadow({ mode: 'open' });
    const sheet = newSheet();
    if (!sheet) return root;
    sheet.replaceSync(
      `:host{display:block;${Object.entries(SHAPE)
        .map((pair) => pair.join(':'))
        .join(';')}}:host([hidden]){display:none}`,
    );
    root.adoptedStyleSheets = [sheet];
    return root;
  }

  /** What the frame stands in: the element, or where it cannot have a style of its own a box of that shape in it. */
  #place(): ShadowRoot | HTMLElement {
    const root = this.#root();
    if (root.adoptedStyleSheets?.length) return root;
    if (root.firstElementChild instanceof HTMLElement) return root.firstElementChild;
    const box = document.createElement('div');
    // Set by script, as the frame's: a policy of the site refuses neither.
    for (const [name, value] of Object.entries(SHAPE)) box.style.setProperty(name, value);
    root.append(box);
    return box;
  }

  #tell(detail: Told): void {
    this.dispatchEvent(new CustomEvent(`livegate-${detail.type}`, { detail, bubbles: true, composed: true }));
  }
}

/** A style sheet made by script, or null before Safari 16.4. */
function newSheet(): CSSStyleSheet | null {
  try {
    return new CSSStyleSheet();
  } catch {
    return null;
  }
}

/** What a message says, or null when it is none that this version knows. */
function readMessage(data: unknown): Told | null {
  if (typeof data !== 'object' || data === null) return null;
  const message = data as Record<string, unknown>;
  if (message.source !== 'livegate' || message.version !== VERSION || typeof message.type !== 'string') return null;
  if (!Object.keys(FIELDS).includes(message.type)) return null;
  const fields: readonly string[] = FIELDS[message.type as EmbedMessage['type']];
  const told = Object.fromEntries(['type', ...fields].map((name) => [name, message[name]]));
  return told as Told;
}

const registry = (globalThis as { customElements?: CustomElementRegistry }).customElements;
if (registry && !registry.get('livegate-check')) registry.define('livegate-check', LivegateCheck);
