import { describe, expect, it } from 'vitest';
import { judgeCourse, slopePer10Min } from './soak.ts';

const course = (rssMb: (index: number) => number, files = (_: number) => 30) => ({
  name: 'api',
  samples: Array.from({ length: 120 }, (_, index) => ({
    atSeconds: index * 5,
    rssMb: rssMb(index),
    files: files(index),
  })),
  probes: [],
});

describe('the judgement of a soak', () => {
  it('measures a slope in units of 10 minutes', () => {
    expect(
      slopePer10Min([
        [0, 5],
        [300, 10],
        [600, 15],
      ]),
    ).toBe(10);
    expect(
      slopePer10Min([
        [0, 7],
        [600, 7],
      ]),
    ).toBe(0);
  });

  it('sees a leak of 2 MB in 10 minutes under noise, and none in a warm-up that levels off', () => {
    const noise = (index: number) => (index % 7) / 10;
    expect(judgeCourse(course((index) => 100 + index / 60 + noise(index))).faults).toEqual(['memory grows']);
    expect(judgeCourse(course((index) => (index < 25 ? 60 + index * 2 : 110) + noise(index))).faults).toEqual([]);
  });

  it('sees handles that are not given back, and an event loop that is late', () => {
    expect(
      judgeCourse(
        course(
          () => 100,
          (index) => 30 + Math.floor(index / 10),
        ),
      ).faults,
    ).toEqual(['files grow']);
    const late = { delayP99Ms: 80, timers: 1, handles: 1 };
    expect(judgeCourse({ ...course(() => 100), probes: [late, late, late, late] }).faults).toEqual([
      'event loop is late',
    ]);
    expect(judgeCourse({ ...course(() => 100), name: 'worker-1', probes: [late, late, late] }).faults).toEqual([]);
  });
});
