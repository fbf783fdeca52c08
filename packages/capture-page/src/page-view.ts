import type { Prompt } from './challenge-step.ts';
import type { Screen } from './screens.ts';

/** The page as the story sees it. */
export type PageView = {
  readonly video: HTMLVideoElement;
  show(screen: Screen): Promise<'primary' | 'secondary'>;
  setProgress(share: number): void;
  /** Where to turn, as an arrow and in `<body data-prompt>`; null for nowhere. */
  setPrompt(prompt: Prompt | null): void;
};

/** Binds the elements of index.html. */
export function createPageView(document: Document): PageView {
  const find = <T extends Element>(selector: string): T => {
    const element = document.querySelector<T>(selector);
    if (!element) throw new Error(`index.html lacks ${selector}`);
    return element;
  };
  const card = find<HTMLElement>('.card');
  const title = find<HTMLElement>('.title');
  const words = find<HTMLElement>('.words');
  const points = find<HTMLElement>('.points');
  const primary = find<HTMLButtonElement>('[data-action="primary"]');
  const secondary = find<HTMLButtonElement>('[data-action="secondary"]');
  const announcer = find<HTMLElement>('.announcer');
  const ring = find<SVGElement>('.guide-ring');

  return {
    video: find<HTMLVideoElement>('.preview'),
    /** Shows the screen; the promise resolves with the control the person chooses (never, if another comes first). */
    show(screen) {
      const isNewState = document.body.dataset.state !== screen.state;
      document.body.dataset.state = screen.state;
      card.removeAttribute('aria-busy');
      title.textContent = screen.title;
      announcer.textContent = screen.isUrgent ? screen.title : '';
      words.textContent = screen.words;
      words.classList.toggle('notice', screen.isNotice ?? false);
      fillPoints(points, screen.points ?? []);
      label(primary, screen.primary);
      label(secondary, screen.secondary);
      // Keyboard and screen-reader users are taken along when the screen changes; a control that vanished has no focus.
      if (isNewState) title.focus({ preventScroll: true });
      return new Promise((resolve) => {
        primary.onclick = () => resolve('primary');
        secondary.onclick = () => resolve('secondary');
      });
    },
    setPrompt: (prompt) => {
      if (prompt) document.body.dataset.prompt = prompt;
      else delete document.body.dataset.prompt;
    },
    setProgress: (share) => ring.style.setProperty('--progress', String(share)),
  };
}

function label(button: HTMLButtonElement, text: string | undefined): void {
  button.hidden = text === undefined;
  button.textContent = text ?? '';
}

function fillPoints(list: HTMLElement, texts: readonly string[]): void {
  list.hidden = texts.length === 0;
  list.replaceChildren(
    ...texts.map((text) => {
      const item = list.ownerDocument.createElement('li');
      item.textContent = text;
      return item;
    }),
  );
}
