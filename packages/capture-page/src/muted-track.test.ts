import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilUnmuted } from './muted-track.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const aTrack = (muted: boolean) => Object.assign(new EventTarget(), { muted });

test('a track with pictures is waited for not at all', async () => {
  await untilUnmuted(aTrack(false));
});

test('a short mute passes', async () => {
  const track = aTrack(true);
  const unmuted = untilUnmuted(track);
  track.dispatchEvent(new Event('unmute'));
  await unmuted;
});

test('a mute that lasts is a camera that is lost', async () => {
  const lost = expect(untilUnmuted(aTrack(true))).rejects.toMatchObject({ code: 'camera_lost' });
  await vi.advanceTimersByTimeAsync(1_600);
  await lost;
});
