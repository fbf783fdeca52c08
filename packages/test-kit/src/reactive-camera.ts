/** A camera in a page that shows a head which turns as the page asks: a canvas as its stream. */
import type { Page } from 'playwright-core';
import type { TurningHead } from './turning-head.ts';

/** From the person's right to their left: between two of them a head gets in a tenth of a second. */
const POSES = [-1, -0.66, -0.33, 0, 0.33, 0.66, 1];

/** How the head behaves: `follow` the prompts, or `ignore` them and look ahead. */
export type Behaviour = 'follow' | 'ignore';

type Person = { head: TurningHead; behaviour?: Behaviour };

/** Replaces the camera of every document that the page opens from now on. */
export async function installReactiveCamera(page: Page, person: Person): Promise<void> {
  const { script, pictures } = await reactiveCamera(person);
  await page.addInitScript(script, pictures);
}

/** The camera as a script and what it is called with, for browsers that Playwright does not drive. */
export async function reactiveCamera({ head, behaviour = 'follow' }: Person) {
  const pictures = await Promise.all(POSES.map(async (pose) => (await head(pose)).toString('base64')));
  return { script: showReactingHead, pictures: { pictures, behaviour } };
}

/** Runs in the page, so that it can use nothing from outside. */
function showReactingHead({ pictures, behaviour }: { pictures: string[]; behaviour: Behaviour }): void {
  // Firefox runs this on its first, empty page, too, where there are no cameras at all.
  if (!navigator.mediaDevices) return;
  const images = pictures.map((picture) => {
    const image = new Image();
    image.src = `data:image/jpeg;base64,${picture}`;
    return image;
  });
  const ahead = (images.length - 1) / 2;
  const targets: Record<string, number> = { left: images.length - 1, right: 0, center: ahead };
  navigator.mediaDevices.getUserMedia = async () => {
    await Promise.all(images.map((image) => image.decode()));
    const canvas = document.createElement('canvas');
    canvas.width = 960;
    canvas.height = 720;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    let at = ahead;
    let drawn = 0;
    const stream = canvas.captureStream(20);
    const timer = setInterval(() => {
      if (stream.getTracks().every((track) => track.readyState === 'ended')) return clearInterval(timer);
      const prompt = document.body?.dataset.prompt ?? 'center';
      const target = behaviour === 'follow' ? (targets[prompt] ?? ahead) : ahead;
      if (drawn % 2 === 0) at += Math.sign(target - at);
      // As a held phone moves: no two frames are the same.
      const drift = 4 * Math.sin(drawn / 9);
      context.drawImage(images[at] as HTMLImageElement, drift, drift / 2, 960, 720);
      drawn += 1;
    }, 50);
    return stream;
  };
}
