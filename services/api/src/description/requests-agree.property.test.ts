import { openApiDocument } from '@livegate/contracts/description/openapi';
import { createRequest } from '@livegate/contracts/globaldata';
import { CodedError } from '@livegate/domain/errors';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSelfie } from '../facades/kairos/upload.ts';
import { readImageField } from '../facades/smartcomply/liveliness-check.ts';
import { parseVerifikRequest } from '../facades/verifik/request.ts';

const { schemas } = openApiDocument({ serverUrl: 'https://livegate.example.com' }).components;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const described = (name: string) => ajv.compile(schemas[name] as object);

/** Whether a facade's own reading of a request refuses it as invalid. */
function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (thrown) {
    if (thrown instanceof CodedError && thrown.code === 'invalid_request') return false;
    throw thrown;
  }
}

// Values near every border that a field may have, of every JSON type, or none.
const value = fc.oneof(
  fc.constantFrom('', 'x', 'x'.repeat(64), 'x'.repeat(65), 'https://example.com/a', 'none', 'turn', 'wave'),
  fc.constantFrom(0, 1, -1, 4, 5, 10, 30, 31, 70, 99, 100, 0.6, 1.1, -0.1, -0, Number.EPSILON, 1 + Number.EPSILON),
  fc.constantFrom(null, true, false, [], {}, ['x']),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -2, max: 2 }),
  fc.string({ maxLength: 70 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const bodyOf = (...names: string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );

/** Runs the property and sees that both verdicts came up often: else it would prove nothing. */
function agree<Body>(bodies: fc.Arbitrary<Body>, verdicts: (body: Body) => { description: boolean; facade: boolean }) {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(bodies, (body) => {
      const { description, facade } = verdicts(body);
      seen[`${facade}`] += 1;
      expect(facade, JSON.stringify(body)).toBe(description);
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(100);
}

// A valid body with one or two fields replaced: random bodies alone are hardly ever valid.
const around = <Body extends object>(valid: Body, bodies: fc.Arbitrary<unknown>) =>
  fc.oneof(
    bodies,
    fc.tuple(bodies, fc.subarray(Object.keys(valid), { maxLength: 2 })).map(([body, changed]) => {
      const replaced = Object.entries((body ?? {}) as object).filter(([name]) => changed.includes(name));
      return { ...valid, ...Object.fromEntries(replaced) };
    }),
  );

// Astral characters aside: JSON Schema counts one of them as one character, Joi, and so Verifik, as two.
describe('a request is valid by its description exactly when its facade takes it', () => {
  it('GlobalData', () => {
    const validate = described('CreateCheckRequest');
    const valid = { return_url: 'https://example.com/', link_valid_mins: 10, threshold: 70, audit_images: 0 };
    agree(around(valid, bodyOf('return_url', 'webhook_url', 'challenge', ...Object.keys(valid))), (body) => ({
      description: validate(body),
      facade: createRequest.safeParse(body).success,
    }));
  });

  it('Verifik', () => {
    const validate = described('VerifikRequest');
    const valid = { os: 'IOS', image: 'x', collection_id: 'col_1', liveness_min_score: 0.5 };
    agree(around(valid, bodyOf(...Object.keys(valid))), (body) => ({
      description: validate(body),
      facade: accepts(() => parseVerifikRequest(body)),
    }));
  });

  it('Smartcomply', () => {
    const validate = described('SmartcomplyRequest');
    agree(bodyOf('image'), (body) => ({
      description: validate(body),
      facade: accepts(() => readImageField(body)),
    }));
  });

  it('Kairos: the text of a form’s number', () => {
    const validate = described('KairosRequest');
    const texts = fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        '0',
        '1',
        '0.6',
        '.5',
        ' 0.6 ',
        '1e-3',
        '1.0',
        '1.',
        '-0',
        '+.5',
        '1e+0',
        '0x1',
        '1_0',
        'NaN',
        '-0.1',
        '1.01',
        '2',
        'high',
      ),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1, max: 2 }).map(String),
      fc.string({ maxLength: 5 }),
    );
    const jpeg = Buffer.of(0xff, 0xd8, 0xff, 0xe0);
    agree(texts, (text) => {
      const number =
        /^[\s\d.e+-]+$/i.test(text) && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
      return {
        description: validate({ selfie: 'bytes', threshold: number }),
        facade: accepts(() => readSelfie({ body: { selfies: [jpeg], thresholds: [text] } })),
      };
    });
  });
});
