import { withinLimit } from './waiting.ts';

// A change of camera, or a machine that is busy, mutes a track for a moment; what lasts longer has taken the camera away.
const PASSES_WITHIN_MS = 1_500;

type Track = Pick<MediaStreamTrack, 'muted'> & Pick<EventTarget, 'addEventListener'>;

/** Resolves when the track gives pictures; trouble when it stays without for longer than a moment. */
export function untilUnmuted(track: Track): Promise<void> {
  if (!track.muted) return Promise.resolve();
  const unmuted = new Promise<void>((resolve) => {
    track.addEventListener('unmute', () => resolve(), { once: true });
  });
  return withinLimit(unmuted, { milliseconds: PASSES_WITHIN_MS, otherwise: 'camera_lost' });
}
