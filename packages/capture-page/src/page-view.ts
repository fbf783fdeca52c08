import type { Prompt } from './challenge-step.ts';
import { isAtControl } from './control-focus.ts';
import type { Hint } from './guidance.ts';
import type { Messages } from './messages/messages.ts';
import type { Screen } from './screens.ts';
import { createSpokenPrompts } from './spoken-prompts.ts';

/** What a person can choose on a screen. */
export type Choice = 'primary' | 'secondary' | 'extra' | 'phone';

/** The page as the story sees it. */
export type PageView = {
  readonly video: HTMLVideoElement;
  /** Shows the screen; the promise resolves with the control the person chooses (never, if another comes first). */
  show(screen: Screen): Promise<Choice>;
  /** How full the ring is, from 0 to 1. */
  setProgress(share: number): void;
  /** Where to turn, as an arrow and in `<body data-prompt>`; null for nowhere. */
  setPrompt(prompt: Prompt | null): void;
  /** What to change before pictures are taken; null for nothing to say. */
  setHint(hint: Hint | null): void;
  /** Offers the cameras when there is more than one; resolves with the one chosen. */
  offerCameras(cameras: readonly { deviceId: string; label: string }[], inUse: string | null): Promise<string>;
  /** The person is at a control: what it does is theirs to choose. */
  isAtControl(): boolean;
  setOffline(isOffline: boolean): void;
  /** How much has arrived, from 0 to 1; null for nothing to show. */
  setUpload(share: number | null): void;
  /** An address as text and as a picture for a phone's camera, until the next screen. */
  showAddress(address: { url: string; picture: SVGElement }): void;
  /** Shows who asks for the check, where they have a picture of that. */
  setLogo(brand: { clientName: string | null; logoUrl: string | null; darkLogoUrl: string | null }): void;
};

type ViewDeps = { document: Document; messages: Messages; locale: string; synthesis: SpeechSynthesis | undefined };

/** Binds the elements of index.html. */
export function createPageView({ document, messages, locale, synthesis }: ViewDeps): PageView {
  const find = <T extends Element>(selector: string): T => {
    const element = document.querySelector<T>(selector);
    if (!element) throw new Error(`index.html lacks ${selector}`);
    return element;
  };
  const card = find<HTMLElement>('.card');
  const title = find<HTMLElement>('.title');
  const words = find<HTMLElement>('.words');
  const points = find<HTMLElement>('.points');
  const controls = {
    primary: find<HTMLButtonElement>('[data-action="primary"]'),
    secondary: find<HTMLButtonElement>('[data-action="secondary"]'),
    extra: find<HTMLButtonElement>('[data-action="extra"]'),
    phone: find<HTMLButtonElement>('[data-action="phone"]'),
  };
  const announcer = find<HTMLElement>('.announcer');
  const hintLine = find<HTMLElement>('.hint');
  const regions = [
    [announcer, 'assertive'],
    [hintLine, 'polite'],
    [words, 'polite'],
  ] as const;
  let lastSaid = '';
  let wasChosen = false;
  const say = (text: string) => {
    lastSaid = text;
    spoken.say(text);
  };
  const offline = find<HTMLElement>('.offline');
  const picker = find<HTMLElement>('.cameras');
  const select = find<HTMLSelectElement>('.cameras select');
  const ring = find<SVGElement>('.guide-ring');
  const code = find<HTMLElement>('.code');
  const upload = find<HTMLProgressElement>('.upload');
  const address = find<HTMLElement>('.address');
  const logo = find<HTMLElement>('.logo');
  const speaker = find<HTMLButtonElement>('.speaker');
  const spoken = createSpokenPrompts({
    synthesis,
    locale,
    storage: () => localStorage,
    onChange: ({ isOffered, isOn }) => {
      speaker.hidden = !isOffered;
      speaker.setAttribute('aria-pressed', String(isOn));
      // What the voice reads a screen reader does not read as well. Titles that take the focus are the screen reader's alone.
      for (const [region, politeness] of regions) region.setAttribute('aria-live', isOn ? 'off' : politeness);
    },
  });
  speaker.textContent = messages.readAloud;
  speaker.onclick = () => {
    spoken.turn(!spoken.isOn);
    spoken.say(lastSaid);
  };
  document.addEventListener('visibilitychange', spoken.hush);
  document.defaultView?.addEventListener('pagehide', spoken.hush);
  find<HTMLElement>('.cameras label').textContent = messages.camera.label;
  upload.setAttribute('aria-label', messages.sending.bar);
  code.setAttribute('aria-label', messages.handoff.code);
  find<HTMLElement>('.address label').textContent = messages.handoff.address;

  return {
    video: find<HTMLVideoElement>('.preview'),
    show(screen) {
      const isNewState = document.body.dataset.state !== screen.state;
      document.body.dataset.state = screen.state;
      card.removeAttribute('aria-busy');
      title.textContent = screen.title;
      announcer.textContent = screen.isUrgent ? screen.title : '';
      words.textContent = screen.words;
      // What the live regions say: a prompt is its title, and every other screen its words.
      say(screen.isUrgent ? screen.title : screen.words);
      words.classList.toggle('notice', screen.isNotice ?? false);
      fillPoints(points, screen.points ?? []);
      code.hidden = true;
      address.hidden = true;
      picker.hidden = true;
      for (const [name, button] of Object.entries(controls)) label(button, screen[name as Choice]);
      // Keyboard and screen-reader users are taken along when the screen changes; a control that vanished has no focus.
      // So they are when it comes again as the answer to what they chose.
      if (isNewState || wasChosen) title.focus({ preventScroll: true });
      wasChosen = false;
      return new Promise((resolve) => {
        for (const [name, button] of Object.entries(controls)) {
          button.onclick = () => {
            wasChosen = true;
            for (const each of Object.values(controls)) rest(each);
            button.textContent = messages.loading.title;
            resolve(name as Choice);
          };
        }
      });
    },
    setProgress: (share) => ring.style.setProperty('--progress', String(share)),
    setPrompt: (prompt) => {
      if (prompt) document.body.dataset.prompt = prompt;
      else delete document.body.dataset.prompt;
    },
    setHint: (hint) => {
      const text = hint ? messages.hints[hint] : '';
      if (hintLine.textContent !== text) {
        hintLine.textContent = text;
        if (text) say(text);
      }
      document.body.dataset.hint = hint ?? '';
    },
    offerCameras: (cameras, inUse) => {
      picker.hidden = cameras.length < 2;
      select.disabled = false;
      select.replaceChildren(
        ...cameras.map(({ deviceId, label }, index) => {
          const option = document.createElement('option');
          option.value = deviceId;
          option.selected = deviceId === inUse;
          option.textContent = label || messages.camera.unnamed(index + 1);
          return option;
        }),
      );
      // None is in use: whichever is chosen is a change.
      if (!cameras.some(({ deviceId }) => deviceId === inUse)) select.selectedIndex = -1;
      return new Promise((resolve) => {
        select.onchange = () => {
          wasChosen = true;
          select.disabled = true;
          resolve(select.value);
        };
      });
    },
    isAtControl: () => isAtControl(document),
    setUpload: (share) => {
      upload.hidden = share === null;
      upload.value = share ?? 0;
    },
    showAddress: ({ url, picture }) => {
      code.replaceChildren(picture);
      code.hidden = false;
      address.hidden = false;
      const field = find<HTMLInputElement>('#address');
      const copy = find<HTMLButtonElement>('.copy');
      field.value = url;
      field.onfocus = () => field.select();
      copy.textContent = messages.handoff.copy;
      copy.onclick = async () => {
        // Without the right to copy the text is marked, ready for the person's own keys.
        field.select();
        const isCopied = await navigator.clipboard?.writeText(url).then(
          () => true,
          () => false,
        );
        if (!isCopied) return;
        copy.textContent = messages.handoff.copied;
        announcer.textContent = messages.handoff.copied;
      };
    },
    setOffline: (isOffline) => {
      offline.textContent = isOffline ? messages.offline : '';
    },
    setLogo: ({ clientName, logoUrl, darkLogoUrl }) => {
      if (!logoUrl) return;
      const [dark, image] = [logo.querySelector('source'), logo.querySelector('img')];
      if (dark) dark.srcset = darkLogoUrl ?? logoUrl;
      if (image) Object.assign(image, { src: logoUrl, alt: clientName ?? '' });
      // A logo for light pages alone stands on a light plate in the dark.
      logo.classList.toggle('plate', !darkLogoUrl);
      logo.hidden = false;
    },
  };
}

function label(button: HTMLButtonElement, text: string | undefined): void {
  button.hidden = text === undefined;
  button.textContent = text ?? '';
  button.removeAttribute('aria-disabled');
}

/** Nothing more can be chosen until the next screen. The control keeps the focus, which a disabled one loses. */
function rest(button: HTMLButtonElement): void {
  button.onclick = null;
  button.setAttribute('aria-disabled', 'true');
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
