/** Values made from the description's schemas, which are made from the contracts' zod schemas: valid ones, and near misses. */
import { openApiDocument } from '@livegate/contracts/description/openapi';
import fc from 'fast-check';

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
};

const { schemas } = openApiDocument({ serverUrl: 'https://livegate.example.com' }).components as {
  schemas: Record<string, Schema>;
};

// Nothing here may be dialled: the addresses are refused by every mode.
const HOSTILE: unknown[] = [
  null,
  true,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\ufeff',
  'x'.repeat(3_000),
  '__proto__',
  'https://10.0.0.1/',
  'http://[::ffff:169.254.169.254]/',
  'https://2130706433/',
  'data:image/jpeg;base64,',
  'data:image/png;base64,////',
  '/9j/',
  "'; drop table checks; --",
  '{{7*7}}<%= 7*7 %>',
  -0,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  0.1 + 0.2,
  5e-324,
  [],
  {},
  [[[[]]]],
  { length: 1e9 },
  { toJSON: 'x', toString: 'x' },
];

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/**
 * Bodies around a schema of the description: most fields as it says, or one of the values `given` for them, one in six
 * hostile, some more that it does not know.
 */
export function bodiesOf(name: string, given: Record<string, unknown[]>): fc.Arbitrary<unknown> {
  const schema = schemas[name];
  if (!schema?.properties) throw new Error(`The description has no object schema ${name}.`);
  const fields = Object.fromEntries(
    Object.entries(schema.properties).map(([field, of]) => [
      field,
      fc.oneof(
        { weight: 5, arbitrary: given[field] ? fc.constantFrom(...given[field]) : asDescribed(of) },
        { weight: 1, arbitrary: hostileValue },
      ),
    ]),
  );
  const required = schema.required ?? [];
  const body = fc.oneof(
    { weight: 3, arbitrary: fc.record(fields, { requiredKeys: required }) },
    { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
  );
  const more = fc.dictionary(fc.string({ maxLength: 12 }), hostileValue, { maxKeys: 3 });
  return fc.oneof(
    { weight: 6, arbitrary: body },
    { weight: 2, arbitrary: fc.tuple(more, body).map(([unknown, known]) => ({ ...unknown, ...known })) },
    { weight: 1, arbitrary: hostileValue },
  );
}

function asDescribed(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const { minimum = -10, maximum = 100, minLength = 0, maxLength = 60 } = schema;
  switch (schema.type) {
    case 'integer':
      return fc.integer({ min: minimum, max: maximum });
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.oneof(fc.string({ minLength, maxLength }), fc.constantFrom('DESKTOP', 'none'));
    default:
      return hostileValue;
  }
}
