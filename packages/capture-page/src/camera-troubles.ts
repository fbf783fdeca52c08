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

/** What went wrong when the browser refused a camera, by the exception's name (names are specified, texts are not). */
export function cameraTroubleOf(thrown: unknown): TroubleCode {
  return BY_NAME[nameOf(thrown)] ?? 'camera_silent';
}

/** Whether a looser wish may find another camera, or the same one able: this one cannot do it, or cannot be opened. */
export function mayFindAnother(thrown: unknown): boolean {
  return nameOf(thrown) === 'OverconstrainedError' || cameraTroubleOf(thrown) === 'camera_busy';
}

/** Whether it is the camera itself that fails, so that another one may do. */
export function isOfDevice(code: TroubleCode): boolean {
  return code === 'camera_busy' || code === 'camera_silent' || code === 'camera_missing' || code === 'camera_lost';
}

// The exception is a DOMException, an Error or neither, depending on the browser: only the name is common to all.
function nameOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown ? String(thrown.name) : '';
}
