import type { TroubleCode } from './trouble.ts';

// The server's codes that mean the same here and there; all others are told apart by status alone.
const SHARED_CODES: readonly TroubleCode[] = [
  'check_expired',
  'capture_closed',
  'capture_superseded',
  'capture_elsewhere',
  'handoff_over',
  'challenge_too_late',
  'unreadable_image',
  'too_few_frames',
  'unknown_link',
  'too_many_failures',
];

const BY_STATUS: Record<number, TroubleCode> = {
  404: 'unknown_link',
  408: 'unreachable',
  409: 'capture_closed',
  410: 'check_expired',
  413: 'unreadable_image',
  415: 'unreadable_image',
  422: 'unreadable_image',
};

/** What an answer that is no success means for the person: the problem's code if it is one of ours, else its status. */
export function answerTroubleOf(answer: { status: number; code: unknown }): TroubleCode {
  const shared = SHARED_CODES.find((code) => code === answer.code);
  return shared ?? BY_STATUS[answer.status] ?? 'server_fault';
}
