import { cameraTroubleOf, isOfDevice, mayFindAnother } from './camera-troubles.ts';
import { encodeFrame } from './encode-frame.ts';
import type { FramePlan } from './frame-plan.ts';
import { chooseFrameSize } from './frame-size.ts';
import { untilUnmuted } from './muted-track.ts';
import { Trouble, troubleCodeOf } from './trouble.ts';
import { withinLimit } from './waiting.ts';

/** An open camera whose picture is on the page. */
export type Camera = {
  grab(plan: FramePlan, line: { isSlow: boolean }): Promise<Blob>;
  onLost(tell: () => void): void;
  /** The device in use, and all there are; names are known only once one is open. */
  readonly deviceId: string | null;
  /** It is the one that was asked for. */
  readonly isWanted: boolean;
  /** What can be said about where the picture comes from; it proves nothing. */
  evidence(): Promise<CameraEvidence>;
  stop(): void;
};

export type CameraEvidence = { label: string; hasDevice: boolean };

// The person has to read the browser's question; after a minute they are not there.
const PERMISSION_LIMIT_MS = 60_000;
const FIRST_PICTURE_LIMIT_MS = 10_000;
const ENCODE_LIMIT_MS = 5_000;
const LIST_LIMIT_MS = 1_000;

// From best to any: a camera that cannot do what we like is better than none.
const WISHES: MediaTrackConstraints[] = [
  { facingMode: 'user', width: { ideal: 1280, min: 640 }, height: { ideal: 720, min: 480 } },
  { facingMode: 'user' },
  {},
];

/** Opens the wanted camera, or any other when that one fails: it shows its picture in `video`. */
export async function openCamera(video: HTMLVideoElement, wanted: string | null): Promise<Camera> {
  if (wanted !== null) {
    const exactly = { deviceId: { exact: wanted }, width: { ideal: 1280 }, height: { ideal: 720 } };
    try {
      return { ...(await openOne(video, [exactly])), isWanted: true };
    } catch (thrown) {
      if (!isOfDevice(troubleCodeOf(thrown))) throw thrown;
    }
  }
  return openOne(video, WISHES);
}

/** The cameras there are, as far as the browser tells; their names are known only once one may be used. */
export async function listCameras(): Promise<{ deviceId: string; label: string }[]> {
  // Absent in some web views; a list of one is no choice.
  const asked = Promise.resolve(navigator.mediaDevices?.enumerateDevices?.() ?? []);
  const devices = await withinLimit(asked, { milliseconds: LIST_LIMIT_MS, otherwise: 'camera_silent' }).catch(() => []);
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/** Asks for a camera as wished for, shows its picture and waits until there is one. */
async function openOne(video: HTMLVideoElement, wishes: readonly MediaTrackConstraints[]): Promise<Camera> {
  const stream = await askForStream(wishes);
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
    grab: async (plan, line) => {
      for (const track of stream.getVideoTracks()) await untilUnmuted(track);
      return grabFrame(video, plan, line);
    },
    // `ended` fires when the device goes away or permission is taken back, not when we stop the track ourselves.
    onLost: (tell) => {
      for (const track of stream.getVideoTracks()) {
        if (track.readyState === 'ended') tell();
        else track.addEventListener('ended', tell, { once: true });
        // Muted by the system, as by a call that comes in: its pictures are black.
        const untilShown = () => untilUnmuted(track).catch(tell);
        track.addEventListener('mute', untilShown);
        void untilShown();
      }
    },
    deviceId: stream.getVideoTracks()[0]?.getSettings?.().deviceId ?? null,
    isWanted: false,
    evidence: async () => {
      const [track] = stream.getVideoTracks();
      const devices = (await navigator.mediaDevices.enumerateDevices?.()) ?? [];
      const { deviceId } = track?.getSettings?.() ?? {};
      return { label: track?.label ?? '', hasDevice: devices.some((device) => device.deviceId === deviceId) };
    },
    stop,
  };
}

async function askForStream(wishes: readonly MediaTrackConstraints[]): Promise<MediaStream> {
  // Absent on http addresses and in some in-app browsers.
  if (!navigator.mediaDevices?.getUserMedia) throw new Trouble('camera_unsupported');
  const asked = getLoosestNeeded(wishes);
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
  let failure: unknown = new Trouble('camera_missing');
  for (const wish of wishes) {
    try {
      return await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
    } catch (thrown) {
      if (!mayFindAnother(thrown)) throw thrown;
      failure = thrown;
    }
  }
  throw failure;
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

async function grabFrame(video: HTMLVideoElement, plan: FramePlan, line: { isSlow: boolean }): Promise<Blob> {
  const size = chooseFrameSize({ width: video.videoWidth, height: video.videoHeight }, { ...plan, ...line });
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  // Only the preview is mirrored, by style: the frame is what the camera saw.
  canvas.getContext('2d')?.drawImage(video, 0, 0, size.width, size.height);
  const encode = (quality: number) =>
    new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/jpeg', quality);
    });
  return withinLimit(encodeFrame(encode, line), { milliseconds: ENCODE_LIMIT_MS, otherwise: 'camera_silent' });
}
