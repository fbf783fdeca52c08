/** A voice of the device for a page: a headless browser has none. What it reads is kept in `window.spoken`. */
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    /** What was read out; an empty text where it was ended. */
    spoken: string[];
  }
}

/** From the page's next load on. `isOn`: the person turned it on before. */
export async function installVoice(page: Page, { lang = 'en-GB', isOn = false } = {}): Promise<void> {
  await page.addInitScript(
    ([language, wish]) => {
      window.spoken = [];
      const voice = { lang: language, localService: true, default: true, name: 'Test', voiceURI: 'test' };
      const synthesis = {
        getVoices: () => [voice],
        speak: ({ text }: { text: string }) => window.spoken.push(text),
        cancel: () => window.spoken.push(''),
        addEventListener: () => undefined,
      };
      Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
      Object.defineProperty(window, 'SpeechSynthesisUtterance', {
        value: class {
          constructor(readonly text: string) {}
        },
      });
      if (wish) localStorage.setItem('livegate-spoken-prompts', 'on');
    },
    [lang, isOn] as const,
  );
}
