/**
 * Whether the frames of a capture were encoded as our page has its browser encode them. Chromium and Firefox scale the
 * tables of libjpeg by the quality that the page asks for, write no comment and no progressive pictures (measured in
 * both); tables of another family, as of Safari, say nothing.
 */

/** The qualities of the page (packages/capture-page/src/encode-frame.ts). */
export const PAGE_QUALITIES = [90, 80, 65, 50] as const;

export type EncodingSignal = 'FOREIGN_ENCODER' | 'ENCODERS_DIFFER';

/** `encodings` as `describeEncoding` gives them; null where a frame has none. */
export function assessEncodings(encodings: readonly (string | null)[]): EncodingSignal[] {
  const known = encodings.flatMap((text) => (text === null ? [] : [parse(text)]));
  const kinds = new Set(known.map(({ frame, segments }) => `${frame} ${segments}`));
  const sizes = new Set(known.map(({ size }) => size));
  const tables = new Set(known.map((encoding) => encoding.tables));
  // A phone that is turned gives pictures of another size, once.
  const differ = kinds.size > 1 || sizes.size > 2 || tables.size > PAGE_QUALITIES.length;
  return [
    ...(known.some(isForeign) ? (['FOREIGN_ENCODER'] as const) : []),
    ...(differ ? (['ENCODERS_DIFFER'] as const) : []),
  ];
}

type Encoding = { size: string; frame: string; segments: string; tables: string };

function parse(text: string): Encoding {
  const [size = '', frame = '', segments = '', tables = ''] = text.split(' ');
  return { size, frame, segments, tables };
}

const QUALITIES = new Set<string>(PAGE_QUALITIES.map((quality) => `q${quality}`));

function isForeign({ frame, segments, tables }: Encoding): boolean {
  const isOfLibjpeg = tables.startsWith('q');
  return frame !== 'c0' || segments.includes('fe') || (isOfLibjpeg && !QUALITIES.has(tables));
}
