/**
 * Everything that can stop the page, as a closed list. `again` says what "Try again" does: the same step, the
 * capture from its start, the page from its start, or nothing (no button). `ask` reads the check's state first,
 * because the server knows better what is left to do.
 */
export const TROUBLES = {
  camera_denied: { again: 'capture' },
  camera_unanswered: { again: 'capture' },
  camera_missing: { again: 'capture' },
  camera_busy: { again: 'capture' },
  camera_lost: { again: 'capture' },
  camera_silent: { again: 'capture' },
  camera_unsupported: { again: 'nothing' },
  in_app_browser: { again: 'capture' },
  page_hidden: { again: 'capture' },
  unreachable: { again: 'step' },
  server_fault: { again: 'step' },
  unreadable_image: { again: 'capture' },
  too_few_frames: { again: 'capture' },
  capture_superseded: { again: 'capture' },
  capture_elsewhere: { again: 'page' },
  handoff_over: { again: 'nothing' },
  challenge_too_late: { again: 'capture' },
  too_many_failures: { again: 'capture' },
  capture_closed: { again: 'ask' },
  check_expired: { again: 'ask' },
  check_failed: { again: 'nothing' },
  unknown_link: { again: 'nothing' },
  cancelled: { again: 'page' },
} as const satisfies Record<string, { again: 'step' | 'capture' | 'page' | 'ask' | 'nothing' }>;

export type TroubleCode = keyof typeof TROUBLES;

/** An expected failure with its code; anything else that is thrown is shown as `server_fault`. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly code: TroubleCode;

  constructor(code: TroubleCode, options: { cause?: unknown } = {}) {
    super(code, options);
    this.code = code;
  }
}

/** The code of whatever was thrown. */
export function troubleCodeOf(thrown: unknown): TroubleCode {
  return thrown instanceof Trouble ? thrown.code : 'server_fault';
}
