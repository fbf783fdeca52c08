/** Deadlines of the work between a submission and its verdict. Seconds; every wait ends. */
export const PROCESSING_LIMITS = {
  /** From submission to verdict; then `failed`. Long enough to outlive a 30 s queue outage and its recovery twice. */
  verdictSeconds: 120,
  /** From the request of an instant check to its answer; then the contract's 503. */
  instantSeconds: 15,
  /** A queued batch that nobody claimed is enqueued again after this long: the queue may have lost it. */
  requeueSeconds: 15,
  /** A claimed batch is taken to be lost after this long (its worker died); more than `inferenceSeconds`. */
  leaseSeconds: 10,
  /** One batch in a child process; then the child is killed. Four frames at 2 s of decoding each, at the very worst. */
  inferenceSeconds: 8,
  /** From when frames whose key cannot be found are given up: a key directory may be away for a moment. */
  keyPatienceSeconds: 15,
  /** After so many crashes a batch runs alone in a fresh child, which then ends. */
  crashesBeforeAlone: 2,
  /** The lease of such a batch: a child has to start first. */
  aloneLeaseSeconds: 45,
  /** A batch whose child died this often is poison. */
  maxCrashes: 3,
  /** A safety net above `maxCrashes`: starts that ended without a trace (a whole worker was killed). */
  maxStarts: 12,
} as const;

/** Seconds the oldest waiting batch may have waited for work of each kind to be accepted still. */
export const ADMISSION_SECONDS = {
  /** An instant check is answered within 15 s or not at all. */
  instant: 5,
  /** A person who starts a capture now waits for its verdict seconds later. */
  start: 5,
  /** A hosted check brings its work minutes later, if at all: a short outage of the workers is no reason to refuse it. */
  create: 30,
} as const;
export type AdmittedWork = keyof typeof ADMISSION_SECONDS;

/** Frames in one batch at the most: small enough that scoring starts while the capture goes on. */
export const MAX_FRAMES_PER_BATCH = 4;
