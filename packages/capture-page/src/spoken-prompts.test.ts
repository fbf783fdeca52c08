import { beforeEach, expect, test, vi } from 'vitest';
import { chooseVoice, createSpokenPrompts } from './spoken-prompts.ts';

const voiceOf = (lang: string, more = {}) =>
  ({ lang, localService: true, default: false, name: lang, ...more }) as SpeechSynthesisVoice;

/** The browser's part: voices, what was spoken and cancelled, in order. */
function aBrowser(voices: SpeechSynthesisVoice[]) {
  const log: string[] = [];
  const known = [...voices];
  let changed: () => void = () => undefined;
  const synthesis = {
    getVoices: () => known,
    speak: ({ text, lang }: SpeechSynthesisUtterance) => log.push(`${lang}: ${text}`),
    cancel: () => log.push('cancel'),
    addEventListener: (_type: string, listener: () => void) => {
      changed = listener;
    },
  } as unknown as SpeechSynthesis;
  const learn = (voice: SpeechSynthesisVoice) => {
    known.push(voice);
    changed();
  };
  return { synthesis, log, learn };
}
const memory = new Map<string, string>();
const storage = () => ({
  getItem: (key: string) => memory.get(key) ?? null,
  setItem: (key: string, value: string) => void memory.set(key, value),
});
beforeEach(() => {
  memory.clear();
  vi.stubGlobal(
    'SpeechSynthesisUtterance',
    class {
      text: string;
      constructor(text: string) {
        this.text = text;
      }
    },
  );
});
const create = (synthesis: SpeechSynthesis | undefined, locale = 'en') =>
  createSpokenPrompts({ synthesis, locale, storage, onChange: () => undefined });

test('nothing is said until it is asked for, and then each prompt in place of the one before', () => {
  const { synthesis, log } = aBrowser([voiceOf('en-GB')]);
  const spoken = create(synthesis);
  spoken.say('Turn your head left');
  expect(log.filter((entry) => entry !== 'cancel')).toEqual([]);
  spoken.turn(true);
  log.length = 0;
  spoken.say('Turn your head left');
  spoken.say('Look at the camera');
  expect(log).toEqual(['cancel', 'en-GB: Turn your head left', 'cancel', 'en-GB: Look at the camera']);
  spoken.turn(false);
  expect(log.at(-1)).toBe('cancel');
});

test('the wish is remembered, and a browser that keeps nothing is no fault', () => {
  const { synthesis } = aBrowser([voiceOf('en-GB')]);
  create(synthesis).turn(true);
  expect(create(synthesis).isOn).toBe(true);
  const blocked = createSpokenPrompts({
    synthesis,
    locale: 'en',
    storage: () => {
      throw new Error('blocked');
    },
    onChange: () => undefined,
  });
  blocked.turn(true);
  expect(blocked.isOn).toBe(true);
});

test.each([
  ['no speech', undefined],
  ['no voice', aBrowser([]).synthesis],
  ['no voice of the language', aBrowser([voiceOf('fr-FR')]).synthesis],
  ['voices of the network alone', aBrowser([voiceOf('en-US', { localService: false })]).synthesis],
])('with %s nothing is offered, and nothing breaks', (_what, synthesis) => {
  const spoken = create(synthesis);
  spoken.turn(true);
  spoken.say('Hold still');
  spoken.hush();
  expect([spoken.isOffered, spoken.isOn]).toEqual([false, false]);
});

test('voices that come late are offered then', () => {
  const { synthesis, learn } = aBrowser([]);
  const seen: boolean[] = [];
  createSpokenPrompts({ synthesis, locale: 'de', storage, onChange: ({ isOffered }) => seen.push(isOffered) });
  learn(voiceOf('de_DE'));
  expect(seen).toEqual([false, true]);
});

test("the device's default voice of the language comes first", () => {
  const voices = [voiceOf('pt-BR'), voiceOf('pt-PT', { default: true }), voiceOf('en-US', { default: true })];
  expect(chooseVoice(voices, 'pt')?.lang).toBe('pt-PT');
});
