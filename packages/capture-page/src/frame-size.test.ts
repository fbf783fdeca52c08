import { expect, test } from 'vitest';
import { chooseFrameSize } from './frame-size.ts';

const plan = { minWidth: 640, minHeight: 480 };

test.each([
  ['a webcam is taken as it is', [640, 480], [640, 480]],
  ['720p is taken as it is', [1280, 720], [1280, 720]],
  ['a larger picture is scaled to the long side', [1920, 1080], [1280, 720]],
  ['a phone held upright keeps its shape', [1080, 1920], [720, 1280]],
  ['a very wide picture keeps the minimal short side', [3840, 1080], [1707, 480]],
  ['a camera below the minimum is not enlarged', [320, 240], [320, 240]],
])('%s', (_, camera, frame) => {
  const [width = 0, height = 0] = camera;
  expect(Object.values(chooseFrameSize({ width, height }, { ...plan, isSlow: false }))).toEqual(frame);
});

test.each([
  ['720p is scaled to the minimum', [1280, 720], [853, 480]],
  ['a phone held upright, too', [720, 1280], [480, 853]],
  ['a camera below the minimum is not enlarged', [320, 240], [320, 240]],
])('on a slow line %s', (_, camera, frame) => {
  const [width = 0, height = 0] = camera;
  expect(Object.values(chooseFrameSize({ width, height }, { ...plan, isSlow: true }))).toEqual(frame);
});
