import { cameraTroubleOf, isOverconstrained } from './camera-troubles.ts';
import { encodeFrame } from './encode-frame.ts';
import type { FramePlan } from './frame-plan.ts';
import { chooseFrameSize } from './frame-size.ts';
import { Trouble } from './trouble.ts';
import { withinLimit } from './waiting.ts';

/** An open camera whose picture is on the page. */
export type Camera = {
  grab(plan: FramePlan): Promise<Blob>;
  onLost(tell: () => void): void;
  /** The device in use, and all there are; names are known only once one is open. */
  readonly deviceId: string | null;
  list(): Promise<{ deviceId: string; label: string }[]>;
  /** What can be said about where the picture comes from; it proves nothing. */
  evidence(): Promise<CameraEvidence>;
  stop(): void;
};

export type CameraEvidence = { label: string; hasDevice: boolean };

// The person has to read the browser's question; after a minute they are not there.
const PERMISSION_LIMIT_MS = 60_000;
const FIRST_PICTURE_LIMIT_MS = 10_000;
const ENCODE_LIMIT_MS = 5_000;

// From best to any: a camera that cannot do what we like is better than none.
const WISHES: MediaTrackConstraints[] = [
  { facingMode: 'user', width: { ideal: 1280, min: 640 }, height: { ideal: 720, min: 480 } },
  { facingMode: 'user' },
  {},
];

/** Asks for the camera (the wanted one, if it is there), shows its picture in `video` and waits until there is one. */
export async function openCamera(video: HTMLVideoElement, wanted: string | null): Promise<Camera> {
  const stream = await askForStream(wanted);
  try {
    video.srcObject = stream;
    await withinLimit(firstPicture(video), { milliseconds: FIRST_PICTURE_LIMIT_MS, otherwise: 'camera_silent' });
  } catch (thrown) {
    stop();
    throw thrown;
  }

  function stop(): void {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }

  return {
    grab: (plan) => grabFrame(video, plan),
    // `ended` fires when the device goes away or permission is taken back, not when we stop the track ourselves.
    onLost: (tell) => {
      for (const track of stream.getVideoTracks()) {
        if (track.readyState === 'ended') tell();
        else track.addEventListener('ended', tell, { once: true });
      }
    },
    deviceId: stream.getVideoTracks()[0]?.getSettings?.().deviceId ?? null,
    list: async () => {
      // Absent in some web views; a list of one is no choice.
      const devices = (await navigator.mediaDevices.enumerateDevices?.()) ?? [];
      return devices
        .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
        .map(({ deviceId, label }) => ({ deviceId, label }));
    },
    evidence: async () => {
      const [track] = stream.getVideoTracks();
      const devices = (await navigator.mediaDevices.enumerateDevices?.()) ?? [];
      const { deviceId } = track?.getSettings?.() ?? {};
      return { label: track?.label ?? '', hasDevice: devices.some((device) => device.deviceId === deviceId) };
    },
    stop,
  };
}

async function askForStream(wanted: string | null): Promise<MediaStream> {
  // Absent on http addresses and in some in-app browsers.
  if (!navigator.mediaDevices?.getUserMedia) throw new Trouble('camera_unsupported');
  const asked = getLoosestNeeded(
    wanted ? [{ deviceId: { exact: wanted }, width: { ideal: 1280 }, height: { ideal: 720 } }, ...WISHES] : WISHES,
  );
  try {
    return await withinLimit(asked, { milliseconds: PERMISSION_LIMIT_MS, otherwise: 'camera_unanswered' });
  } catch (thrown) {
    // An answer that comes after the limit must not leave a camera on.
    asked.then(
      (late) => {
        for (const track of late.getTracks()) track.stop();
      },
      () => {},
    );
    throw thrown instanceof Trouble ? thrown : new Trouble(cameraTroubleOf(thrown), { cause: thrown });
  }
}

async function getLoosestNeeded(wishes: readonly MediaTrackConstraints[]): Promise<MediaStream> {
  for (const wish of wishes) {
    try {
      return await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
    } catch (thrown) {
      if (!isOverconstrained(thrown)) throw thrown;
    }
  }
  throw new Trouble('camera_missing');
}

async function firstPicture(video: HTMLVideoElement): Promise<void> {
  const shown = new Promise<void>((resolve) => {
    video.addEventListener('loadeddata', () => resolve(), { once: true });
  });
  // Autoplay may have been refused; muted inline video may always be played on the person's click.
  await video.play().catch((thrown) => {
    throw new Trouble('camera_silent', { cause: thrown });
  });
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await shown;
}

async function grabFrame(video: HTMLVideoElement, plan: FramePlan): Promise<Blob> {
  const size = chooseFrameSize({ width: video.videoWidth, height: video.videoHeight }, plan);
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  // Only the preview is mirrored, by style: the frame is what the camera saw.
  canvas.getContext('2d')?.drawImage(video, 0, 0, size.width, size.height);
  const encode = (quality: number) =>
    new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/jpeg', quality);
    });
  return withinLimit(encodeFrame(encode), { milliseconds: ENCODE_LIMIT_MS, otherwise: 'camera_silent' });
}
