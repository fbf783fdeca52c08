/** A real Firefox, driven by WebDriver BiDi: it speaks it itself, so that no driver stands between. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, launch } from 'puppeteer-core';
import { afterAll } from 'vitest';

/** Where Firefox is, or null, said loudly, when there is none. */
export function findFirefox(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = process.env.FIREFOX_PATH ?? candidates.find(existsSync);
  if (found) return found;
  process.stderr.write('\n*** SKIPPED: no firefox-esr (FIREFOX_PATH) found: nothing is tested in Firefox ***\n\n');
  return null;
}

/** Opens it without a window. Closed after the test file. */
export async function openFirefox(path: string): Promise<Browser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: path,
    headless: true,
    // A busy machine takes its time to start one; the default of 30 s was seen to be short for Chromium, too.
    timeout: 60_000,
  });
  afterAll(() => browser.close());
  return browser;
}
