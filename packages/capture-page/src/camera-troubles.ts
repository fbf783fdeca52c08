import type { TroubleCode } from './trouble.ts';

const BY_NAME: Record<string, TroubleCode> = {
  NotAllowedError: 'camera_denied',
  // Older Chrome and Firefox: the person closed the question, or the page may not ask.
  PermissionDeniedError: 'camera_denied',
  PermissionDismissedError: 'camera_denied',
  SecurityError: 'camera_denied',
  NotFoundError: 'camera_missing',
  DevicesNotFoundError: 'camera_missing',
  OverconstrainedError: 'camera_missing',
  NotReadableError: 'camera_busy',
  TrackStartError: 'camera_busy',
  AbortError: 'camera_busy',
  // getUserMedia answers TypeError where the context is not secure.
  TypeError: 'camera_unsupported',
};

/** What went wrong when the browser refused a camera, by the name of its exception (names are specified, texts are not). */
export function cameraTroubleOf(thrown: unknown): TroubleCode {
  const name = typeof thrown === 'object' && thrown !== null && 'name' in thrown ? String(thrown.name) : '';
  return BY_NAME[name] ?? 'camera_silent';
}
