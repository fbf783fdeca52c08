/** What the page tells a person before pictures are taken, from where the faces in the preview are and how light it is. */

/** The faces in the mirrored stage, and the light on it. Positions and sizes in fractions of the stage. */
export type Sight = {
  faces: readonly { x: number; y: number; width: number; height: number }[];
  /** Mean luma from 0 to 255 of the face and of what is around it. */
  faceLuma: number;
  aroundLuma: number;
  /** Movement of the face's middle since the last look, in widths of the face. */
  shift: number;
};

export type Hint = 'find' | 'alone' | 'closer' | 'further' | 'center' | 'light' | 'backlight' | 'still' | 'good';

type Rule = { hint: Hint; applies: (sight: Sight) => boolean };

/** The oval's middle and height in the stage (index.html); a face fills it from chin to hairline. */
const OVAL = { x: 0.5, y: 0.495, height: 0.68 };

const main = ({ faces }: Sight) =>
  faces.reduce((largest, face) => (face.width * face.height > largest.width * largest.height ? face : largest), {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  });
const off = (sight: Sight) => Math.hypot((main(sight).x - OVAL.x) * 0.75, main(sight).y - OVAL.y);

/** THE table of hints: the first that applies is said. Wide bounds: a hint must be right, and silence is no fault. */
const RULES: readonly Rule[] = [
  { hint: 'find', applies: ({ faces }) => faces.length === 0 },
  // A face of less than half the width is somebody further away: the server passes over them, too.
  { hint: 'alone', applies: (sight) => sight.faces.filter(({ width }) => width > main(sight).width / 2).length > 1 },
  { hint: 'closer', applies: (sight) => main(sight).height < OVAL.height * 0.5 },
  { hint: 'further', applies: (sight) => main(sight).height > OVAL.height * 1.15 },
  { hint: 'center', applies: (sight) => off(sight) > 0.14 },
  // The server's own bound for "too dark" is a mean luma of 30; the preview is not the frame, so some room is left.
  { hint: 'light', applies: ({ faceLuma }) => faceLuma < 45 },
  { hint: 'backlight', applies: ({ faceLuma, aroundLuma }) => faceLuma < 80 && aroundLuma > faceLuma * 2.2 },
  { hint: 'still', applies: ({ shift }) => shift > 0.12 },
];

/** The one thing to say about what is seen; `good` when there is nothing to change. */
export function hintFor(sight: Sight): Hint {
  return RULES.find((rule) => rule.applies(sight))?.hint ?? 'good';
}

/** How long a hint must hold before it is said, so that the words do not flicker; what is good is taken at once longer. */
const SAID_AFTER_MS = 500;
const GOOD_AFTER_MS = 900;

/** Turns what is seen into what is said. `next` gives the hint to show now, which changes only when a new one has held. */
export function createHintFilter(now: () => number): { next: (seen: Hint) => Hint | null } {
  let said: Hint | null = null;
  let candidate: Hint | null = null;
  let since = 0;
  return {
    next: (seen) => {
      if (seen !== candidate) {
        candidate = seen;
        since = now();
      }
      if (candidate !== said && now() - since >= (candidate === 'good' ? GOOD_AFTER_MS : SAID_AFTER_MS))
        said = candidate;
      return said;
    },
  };
}
