/** Why a check ended `failed`: no verdict could be reached. A closed list; never a presentation attack, which is `complete`. */
export const FAILURE_REASONS = {
  attempts_exhausted: 'No submission could be evaluated within the attempts and the time allowed.',
  processing_error: 'Scoring crashed or was impossible, three times.',
  abandoned: 'The caller of an instant check left before the answer.',
  deadline: 'No verdict was reached before the processing deadline.',
} as const;

export type FailureReason = keyof typeof FAILURE_REASONS;
