/** A real Chromium with a fake camera that shows a picture, slightly moving as a held phone does. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { afterAll } from 'vitest';

const run = promisify(execFile);

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
}

/** Where Chromium and ffmpeg are, or null, said loudly, when one of them is missing. */
export function browserTools(): { chromium: string; ffmpeg: string } | null {
  const found = { chromium: process.env.CHROMIUM_PATH ?? onPath('chromium'), ffmpeg: onPath('ffmpeg') };
  if (found.chromium && found.ffmpeg) return { chromium: found.chromium, ffmpeg: found.ffmpeg };
  process.stderr.write(
    '\n*** SKIPPED: no chromium (CHROMIUM_PATH) or no ffmpeg found: nothing is tested in a real browser ***\n\n',
  );
  return null;
}

/** Opens a browser whose camera shows `picture`; `null` for a browser without any camera. Closed after the test file. */
export async function openBrowser(
  tools: { chromium: string; ffmpeg: string },
  picture: Buffer | null,
): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'livegate-camera-'));
  const camera = picture
    ? [
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${await film(tools.ffmpeg, folder, picture)}`,
      ]
    : [];
  const browser = await chromium.launch({
    executablePath: tools.chromium,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-ui-for-media-stream',
      ...camera,
    ],
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  return browser;
}

/** Three seconds of the picture at 20 frames a second, drifting by a few pixels. */
async function film(ffmpeg: string, folder: string, picture: Buffer): Promise<string> {
  const still = join(folder, 'face.jpg');
  const moving = join(folder, 'camera.mjpeg');
  await writeFile(still, picture);
  const drift = "zoompan=z=1.04:x='iw*0.02+4*sin(on/7)':y='ih*0.02+3*cos(on/9)':d=60:s=960x720:fps=20";
  await run(ffmpeg, ['-loglevel', 'error', '-i', still, '-vf', drift, '-q:v', '3', '-f', 'mjpeg', moving]);
  return moving;
}
