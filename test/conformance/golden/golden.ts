/** A golden body: the exact text of an answer, with `‹places›` where a value differs from answer to answer. */
import { expect } from 'vitest';
import type { WireAnswer } from '../wire.ts';

/** What may stand at a place, as it must be printed. */
const PLACES: Record<string, string> = {
  reference: '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
  token: '[A-Za-z0-9]{32}',
  link: 'http://127\\.0\\.0\\.1:\\d+/c/[A-Za-z0-9_-]{43}',
  secret: 'whsec_[A-Za-z0-9+/]{43}=',
  id: '[A-Z0-9]{5}',
  /** A number of at most four decimals, as JSON prints it. */
  score: '(?:0|1|0\\.\\d{0,3}[1-9])',
  /** The same with at least one decimal. */
  float: '\\d+\\.(?:\\d|\\d{1,3}[1-9])',
  percentage: '(?:100|\\d{1,2}(?:\\.\\d{1,2})?)',
  unrounded: '(?:0|1|0\\.\\d+|\\d(?:\\.\\d+)?e-\\d+)',
  unroundedPercentage: '(?:0|100|\\d{1,2}\\.\\d+|\\d(?:\\.\\d+)?e-\\d+)',
  fraction: '(?:0|1|0\\.\\d+)',
  instant: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z',
  seconds: '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d',
  longDate:
    '(?:January|February|March|April|May|June|July|August|September|October|November|December) [1-3]?\\d, 20\\d\\d 1?\\d:[0-5]\\d [AP]M',
  profile: '[a-z0-9.-]+',
  /** A compact JWS: what it says is verified elsewhere. */
  receipt: '[\\w-]+\\.[\\w-]+\\.[\\w-]+',
  words: '(?:[^"\\\\]|\\\\.)+',
};

export type Golden = {
  status: number;
  /** The whole body. */
  body: string;
  /** Headers that must be there with exactly this value; null: must not be there. */
  headers?: Record<string, string | null>;
};

/** Throws, as an assertion, where an answer is not the golden one, byte for byte. */
export function expectGolden(answer: WireAnswer, golden: Golden): void {
  expect({ status: answer.status, body: withoutImages(answer.text) }).toEqual({
    status: golden.status,
    body: expect.stringMatching(patternOf(golden.body)),
  });
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  for (const [name, value] of Object.entries(golden.headers ?? {}))
    expect(answer.headers[name] ?? null, name).toBe(value);
  // A body that shows a reference shows the one that the header has.
  if (golden.body.includes('‹reference›')) expect(answer.text).toContain(`"${answer.headers['x-request-id']}"`);
}

/** A JPEG as a data URI is one word here, so that a difference can be read. */
function withoutImages(text: string): string {
  return text.replace(/data:image\/jpeg;base64,\/9j\/[A-Za-z0-9+/]+={0,2}/g, 'a JPEG');
}

export function patternOf(body: string): RegExp {
  const parts = body.split(/‹(\w+)›/);
  const source = parts.map((part, position) => {
    if (position % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const place = PLACES[part];
    if (!place) throw new Error(`There is no place ‹${part}›.`);
    return place;
  });
  return new RegExp(`^${source.join('')}$`);
}
