import { Trouble } from './trouble.ts';

const PROMPTS = ['left', 'right', 'center'] as const;

/** Where to turn the head, as the person sees it in the mirror: their own left is on the left. */
export type Prompt = (typeof PROMPTS)[number];

/** What the server asks for now. Frames taken for it carry its nonce. */
export type ChallengeStep = {
  step: number;
  of: number;
  prompt: Prompt;
  nonce: string;
  isOver: boolean;
  /** From one frame to the next. */
  pauseMs: number;
};

// Bounds of what a broken answer can do: neither a flood nor a standstill.
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Reads a challenge; null where the check has none. One that cannot be read is a fault of the server. */
export function readChallengeStep(value: unknown): ChallengeStep | null {
  if (value === null || value === undefined) return null;
  const given = value as Record<string, unknown>;
  const prompt = PROMPTS.find((known) => known === given.prompt);
  if (!prompt || typeof given.nonce !== 'string') throw new Trouble('server_fault');
  return {
    step: countOf(given.step),
    of: Math.max(1, countOf(given.of)),
    prompt,
    nonce: given.nonce,
    isOver: given.state !== 'open',
    pauseMs: Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, countOf(given.frame_interval_ms))),
  };
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}
