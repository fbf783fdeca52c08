import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { assessEncodings } from './assess-encodings.ts';
import { describeEncoding } from './jpeg-encoding.ts';

const picture = (width = 640, height = 480) => sharp({ create: { width, height, channels: 3, background: '#8a7f70' } });

describe('how a JPEG was encoded', () => {
  it('is told from its header', async () => {
    expect(describeEncoding(await picture().jpeg({ quality: 90 }).toBuffer())).toBe('640x480 c0 - q90');
    expect(describeEncoding(await picture(320, 240).jpeg({ quality: 34 }).toBuffer())).toBe('320x240 c0 - q34');
    const progressive = await picture().jpeg({ quality: 80, progressive: true }).toBuffer();
    expect(describeEncoding(progressive)).toBe('640x480 c2 - q80');
    const other = await picture().jpeg({ quality: 80, quantisationTable: 3 }).toBuffer();
    expect(describeEncoding(other)).toMatch(/^640x480 c0 - t[0-9a-f]+$/);
  });

  it('is unknown of what is no whole header', async () => {
    const whole = await picture().jpeg().toBuffer();
    expect(describeEncoding(whole.subarray(0, 100))).toBeNull();
    expect(describeEncoding(Buffer.from([0xff, 0xd8, 0xff]))).toBeNull();
    expect(describeEncoding(Buffer.alloc(0))).toBeNull();
    expect(describeEncoding(Buffer.alloc(4_096, 0xff))).toBeNull();
    for (let at = 0; at < 700; at += 1) {
      const broken = Buffer.from(whole);
      broken.fill(0, at, at + 3);
      expect(() => describeEncoding(broken)).not.toThrow();
    }
  });
});

describe('signals of encodings', () => {
  // As measured in Chromium 2026 and Firefox 153 with the qualities of the page.
  const chromium = '960x720 c0 e0e2 q90';
  const firefox = '960x720 c0 e0 q90';

  it.each([
    ['Chromium', Array(8).fill(chromium)],
    ['Firefox, with one picture too large for the best quality', [...Array(7).fill(firefox), '960x720 c0 e0 q80']],
    ['a phone that is turned', [...Array(4).fill(chromium), ...Array(4).fill('720x960 c0 e0e2 q90')]],
    ['a browser with tables of its own', Array(8).fill('960x720 c0 e0e1 t1f2e3d')],
    ['frames of before, and broken ones', [null, null, chromium]],
  ])('are not given by %s', (_name, encodings) => {
    expect(assessEncodings(encodings)).toEqual([]);
  });

  it.each([
    ['a quality that the page does not ask for', Array(8).fill('960x720 c0 e0 q92'), ['FOREIGN_ENCODER']],
    ['a comment', Array(8).fill('960x720 c0 e0fe t77'), ['FOREIGN_ENCODER']],
    ['progressive pictures', Array(8).fill('960x720 c2 e0 q90'), ['FOREIGN_ENCODER']],
    ['two browsers in one capture', [chromium, firefox], ['ENCODERS_DIFFER']],
    ['pictures of three sizes', [chromium, '640x480 c0 e0e2 q90', '800x600 c0 e0e2 q90'], ['ENCODERS_DIFFER']],
  ])('are given by %s', (_name, encodings, signals) => {
    expect(assessEncodings(encodings)).toEqual(signals);
  });
});
