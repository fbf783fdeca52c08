/**
 * Whether the models, as they were opened, still say what their published files say on the CPU: a provider, a driver or a
 * rewritten graph that computes something else is found at start and not in verdicts.
 */
import { cropFace } from './crop-face.ts';
import type { Picture } from './decode-image.ts';
import { openOnnxSession } from './onnx-session.ts';
import type { VerifiedModel } from './profiles.ts';
import { liveLogOdds, type Scorer } from './score-presentation.ts';

/**
 * In log-odds. A rewritten graph differs by less than 1e-4 on the CPU; a GPU that computes in TF32 or half precision by
 * some hundredths; a wrong layout or a broken kernel by whole units.
 */
const MAX_DIFFERENCE = 0.1;

/** Where the golden frame's face is. */
const FACE = { x: 100, y: 60, width: 120, height: 150 };

/** Rejects with the model and the difference when one does not agree with its file. */
export async function selfTest(scorers: readonly Scorer[]): Promise<void> {
  const picture = goldenFrame();
  for (const scorer of scorers) {
    const published = await openOnnxSession((scorer.model as VerifiedModel).file);
    const difference = Math.abs(
      (await logOddsOf(scorer, picture)) - (await logOddsOf({ ...scorer, session: published }, picture)),
    );
    await published.close();
    if (!(difference <= MAX_DIFFERENCE)) {
      throw new Error(
        `Model ${scorer.model.id} fails the self-test: its log-odds differ by ${difference} from those of its published file on the CPU.`,
      );
    }
  }
}

async function logOddsOf({ model, session }: Scorer, picture: Picture): Promise<number> {
  const { planes } = cropFace({ picture, face: FACE, model, scale: model.crop.scales[0] as number });
  const outputs = await session.run(planes, model.input.shape);
  return liveLogOdds(Object.values(outputs)[0] as Float32Array, model.liveIndex);
}

/** A pale oval with two eyes and a mouth on a wall, by formula: the same on every machine, and no one's face. */
export function goldenFrame(): Picture {
  const picture = { width: 320, height: 240, data: new Uint8Array(320 * 240 * 3) };
  for (let at = 0, pixel = 0; at < picture.data.length; at += 3, pixel++) {
    const x = pixel % picture.width;
    const y = Math.floor(pixel / picture.width);
    const isSkin = ((x - 160) / 58) ** 2 + ((y - 135) / 74) ** 2 < 1;
    const isFeature =
      (Math.abs(y - 118) < 5 && Math.abs(Math.abs(x - 160) - 24) < 10) ||
      (Math.abs(y - 172) < 4 && Math.abs(x - 160) < 20);
    const grain = ((x * 13 + y * 7) % 11) - 5;
    const [red, green, blue] = isFeature ? [70, 45, 45] : isSkin ? [205, 165, 140] : [120 + x / 8, 130, 140 - y / 6];
    picture.data.set([red + grain, green + grain, blue + grain], at);
  }
  return picture;
}
