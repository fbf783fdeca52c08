import { describe, expect, it } from 'vitest';
import { assessCamera, assessFrames, type FrameEvidence, hasStrongSignal, withRisk } from './risk-signals.ts';

const webcam = { label: 'Integrated Camera (04f2:b5d6)', hasDevice: true, isAutomated: false };

describe('signals of a camera', () => {
  it.each([
    ['Integrated Camera (04f2:b5d6)', []],
    ['FaceTime HD Camera', []],
    ['Front Camera', []],
    ['camera2 1, facing front', []],
    ['OBS Virtual Camera', ['VIRTUAL_CAMERA']],
    ['ManyCam Video Source', ['VIRTUAL_CAMERA']],
    ['fake_device_0', ['VIRTUAL_CAMERA']],
    ['/tmp/faces/camera.mjpeg', ['VIRTUAL_CAMERA']],
  ])('%s: %j', (label, signals) => {
    expect(assessCamera({ ...webcam, label })).toEqual(signals);
  });

  it('are given by a track without a device, by automation, and by silence', () => {
    expect(assessCamera({ ...webcam, hasDevice: false, isAutomated: true })).toEqual([
      'SYNTHETIC_TRACK',
      'AUTOMATED_BROWSER',
    ]);
    expect(assessCamera(null)).toEqual(['NO_EVIDENCE']);
  });
});

/** Frames as a browser takes them: about every 180 ms, on the way for a while. */
function aCapture(
  change: (frame: FrameEvidence, index: number) => Partial<FrameEvidence> = () => ({}),
): FrameEvidence[] {
  const jitter = [0, 3, -2, 5, 1, -4, 2, 6, 0, -1, 4, 2, -3, 1, 0, 5];
  return jitter.map((off, index) => {
    const frame = { receivedMs: index * 180 + off * 9 + 60, claimedMs: index * 180 + off, isRepeated: false };
    return { ...frame, ...change(frame, index) };
  });
}

const seen = (alike: number, identical = 0) => ({ alike, identical });

describe('signals of frames', () => {
  it('are none for an honest capture, also on a slow and uneven line', () => {
    expect(assessFrames(aCapture(), seen(0))).toEqual([]);
    expect(
      assessFrames(
        aCapture(({ receivedMs }, index) => ({ receivedMs: receivedMs * 2 + index * 50 })),
        seen(2),
      ),
    ).toEqual([]);
    expect(
      assessFrames(
        aCapture((_, index) => ({ isRepeated: index < 2 })),
        seen(0),
      ),
    ).toEqual([]);
  });

  it('see a batch that was sent faster than it was taken, and one out of order', () => {
    expect(
      assessFrames(
        aCapture((_, index) => ({ receivedMs: index * 40 })),
        seen(0),
      ),
    ).toEqual(['TIMES_DISAGREE']);
    expect(
      assessFrames(
        aCapture((frame, index) => (index === 9 ? { claimedMs: (frame.claimedMs as number) - 900 } : {})),
        seen(0),
      ),
    ).toContain('TIMES_DISAGREE');
  });

  it('see times that a loop made up, frames that repeat, and frames of another check', () => {
    expect(
      assessFrames(
        aCapture((_, index) => ({ claimedMs: index * 180 })),
        seen(0),
      ),
    ).toEqual(['TIMES_TOO_REGULAR']);
    expect(
      assessFrames(
        aCapture((_, index) => ({ isRepeated: index > 11 })),
        seen(0),
      ),
    ).toEqual(['REPEATED_FRAMES']);
    expect(assessFrames(aCapture(), seen(3))).toEqual(['SEEN_BEFORE']);
    expect(assessFrames(aCapture(), seen(1, 1))).toEqual(['IMAGE_REUSED']);
  });
});

it('only some signals are strong', () => {
  expect(hasStrongSignal(['REPEATED_FRAMES', 'NO_EVIDENCE', 'TIMES_DISAGREE'])).toBe(false);
  expect(hasStrongSignal(['REPEATED_FRAMES', 'SEEN_BEFORE'])).toBe(true);
});

describe('what a client makes of signals', () => {
  const passed = { passed: true, confidence: 98.4, threshold: 70, reasons: [] };

  it.each([
    ['report', ['IMAGE_REUSED'], true],
    ['review', ['IMAGE_REUSED'], true],
    ['fail', ['IMAGE_REUSED'], false],
    ['fail', ['TIMES_DISAGREE'], true],
    ['fail', [], true],
  ] as const)('%s with %j passes: %s', (policy, signals, passes) => {
    expect(withRisk(passed, { policy, signals }).passed).toBe(passes);
  });

  it('says why, and leaves what failed as it is', () => {
    const risk = { policy: 'fail', signals: ['IMAGE_REUSED'] } as const;
    expect(withRisk(passed, risk)).toMatchObject({ confidence: 0, reasons: ['INJECTION_SUSPECTED'] });
    const failed = { ...passed, passed: false, reasons: ['PRESENTATION_ATTACK' as const] };
    expect(withRisk(failed, risk)).toEqual(failed);
  });
});
