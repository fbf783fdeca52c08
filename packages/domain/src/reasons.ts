/**
 * Why a verdict is what it is: a closed list of codes. Integrators get the code, end users get safe words
 * that help an honest person and teach an attacker nothing.
 */

/**
 * `evidence`: what kind of statement the code is. Only `attack` says that a presentation attack was seen; `challenge`
 * says that the person's side did not do what was asked, which honest people also fail to do.
 */
type Reason = { evidence: 'attack' | 'challenge' | 'quality' | 'processing'; meaning: string; words: string };

const tryAgain = 'Something did not work. Please try again.';

export const REASONS = {
  PRESENTATION_ATTACK: {
    evidence: 'attack',
    meaning: 'The score is below the threshold: print, screen, mask or another attack instrument is likely.',
    words: 'We could not confirm it. Try again in even light, with nothing between you and the camera.',
  },
  FLAT_MOTION: {
    evidence: 'attack',
    meaning:
      'What turned before the camera moved like a flat thing, not like a head: a tilted print or screen is likely.',
    words: 'We could not confirm it. Try again in even light, with nothing between you and the camera.',
  },
  INJECTION_SUSPECTED: {
    evidence: 'attack',
    meaning: 'There is strong evidence that the frames came from no camera, and the client has such checks fail.',
    words: 'We could not confirm it. Please use a camera of this device, without other camera programs.',
  },
  CHALLENGE_NOT_FOLLOWED: {
    evidence: 'challenge',
    meaning: 'The head was turned another way than asked, or the capture ended before all steps were done.',
    words: 'Please turn your head to where the arrow points, one step at a time.',
  },
  CHALLENGE_TOO_LATE: {
    evidence: 'challenge',
    meaning: 'A step was not reached before its deadline.',
    words: 'Please turn your head a little further, as soon as the arrow shows.',
  },
  FACE_CHANGED: {
    evidence: 'challenge',
    meaning: 'The face jumped, changed its size or was gone for so long that another could have taken its place.',
    words: 'Please stay in the picture the whole time, without quick movements.',
  },
  NO_FACE: { evidence: 'quality', meaning: 'No face was found.', words: 'Please bring your face into the oval.' },
  MULTIPLE_FACES: {
    evidence: 'quality',
    meaning: 'More than one face of similar size was found, so none could be chosen.',
    words: 'Please make sure that only you are in the picture.',
  },
  FACE_TOO_SMALL: { evidence: 'quality', meaning: 'The face is too small to be scored.', words: 'Please come closer.' },
  FACE_TOO_LARGE: {
    evidence: 'quality',
    meaning: 'The face fills the frame, which leaves no context to score.',
    words: 'Please move back a little.',
  },
  FACE_CUT_OFF: {
    evidence: 'quality',
    meaning: 'A good part of the face lies outside the frame.',
    words: 'Please keep your whole face in the oval.',
  },
  TOO_DARK: { evidence: 'quality', meaning: 'The face is too dark to be scored.', words: 'Please find more light.' },
  TOO_BRIGHT: {
    evidence: 'quality',
    meaning: 'The face is overexposed.',
    words: 'Please move out of the strong light.',
  },
  BLURRED: { evidence: 'quality', meaning: 'The face is blurred.', words: 'Please hold still and wipe the lens.' },
  TURNED_AWAY: {
    evidence: 'quality',
    meaning: 'The face is turned away from the camera.',
    words: 'Please look at the camera.',
  },
  FACE_COVERED: {
    evidence: 'quality',
    meaning: 'Eyes or mouth are covered.',
    words: 'Please uncover your face: no mask, no dark glasses.',
  },
  LOW_RESOLUTION: {
    evidence: 'quality',
    meaning: 'The image has too little detail for its size: small, or enlarged from a small one.',
    words: 'Please use a better camera, or clean the lens.',
  },
  UNREADABLE_IMAGE: {
    evidence: 'quality',
    meaning: 'The bytes are not a whole JPEG, PNG or WebP image within the pixel limit.',
    words: tryAgain,
  },
  TOO_FEW_FRAMES: {
    evidence: 'quality',
    meaning: 'Too few frames could be scored to reach a verdict.',
    words: 'Please stay in the oval until the ring is full.',
  },
  PROCESSING_ERROR: { evidence: 'processing', meaning: 'Scoring failed for a technical reason.', words: tryAgain },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;

export const REASON_CODES = Object.keys(REASONS) as ReasonCode[];

/** What the end user is told for a list of reasons: the words of the first one. */
export function wordsFor(reasons: readonly ReasonCode[]): string {
  const first = reasons[0];
  return first ? REASONS[first].words : tryAgain;
}
