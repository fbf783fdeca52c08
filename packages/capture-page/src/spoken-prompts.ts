/**
 * Prompts read out by the browser's own voice, for people who look away from the screen or read with trouble. Off until asked
 * for, and remembered. Only voices of the device are used: others send what they read to their maker.
 */

export type SpokenPrompts = {
  /** Whether there is a voice to turn on. */
  readonly isOffered: boolean;
  readonly isOn: boolean;
  turn(isOn: boolean): void;
  /** Reads this out in place of whatever is being read; nothing while it is turned off. */
  say(text: string): void;
  /** Ends what is being read: the step it belonged to is over. */
  hush(): void;
};

type Deps = {
  /** Undefined in browsers without speech. */
  synthesis: SpeechSynthesis | undefined;
  locale: string;
  storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  /** Voices may be known only some time after the page has loaded. */
  onChange: (voice: SpokenPrompts) => void;
};

const KEY = 'livegate-spoken-prompts';

export function createSpokenPrompts({ synthesis, locale, storage, onChange }: Deps): SpokenPrompts {
  let isWished = recall(storage);
  let voice: SpeechSynthesisVoice | null = null;
  const spoken: SpokenPrompts = {
    get isOffered() {
      return voice !== null;
    },
    get isOn() {
      return isWished && voice !== null;
    },
    turn: (isOn) => {
      isWished = isOn;
      remember(storage, isOn);
      if (!isOn) spoken.hush();
      onChange(spoken);
    },
    say: (text) => {
      spoken.hush();
      if (!spoken.isOn || text === '') return;
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = voice;
      utterance.lang = voice?.lang ?? locale;
      synthesis?.speak(utterance);
    },
    hush: () => {
      if (voice) synthesis?.cancel();
    },
  };
  const look = () => {
    voice = chooseVoice(synthesis?.getVoices() ?? [], locale);
    onChange(spoken);
  };
  look();
  // Older Safari has voices, but is no target of their events.
  synthesis?.addEventListener?.('voiceschanged', look);
  return spoken;
}

/** A voice of the device in the page's language, its own default first. */
export function chooseVoice(voices: readonly SpeechSynthesisVoice[], locale: string): SpeechSynthesisVoice | null {
  const able = voices.filter(
    ({ localService, lang }) => localService && lang.split(/[-_]/)[0]?.toLowerCase() === locale,
  );
  return able.find((voice) => voice.default) ?? able[0] ?? null;
}

function recall(storage: Deps['storage']): boolean {
  try {
    return storage().getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

function remember(storage: Deps['storage'], isOn: boolean): void {
  try {
    storage().setItem(KEY, isOn ? 'on' : 'off');
  } catch {
    // Storage is blocked or full: it holds for this page.
  }
}
