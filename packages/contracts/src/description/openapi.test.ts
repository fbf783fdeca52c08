import { ERROR_CODES } from '@livegate/domain/errors';
import { REASON_CODES } from '@livegate/domain/reasons';
import { type ISpectralDiagnostic, type RulesetDefinition, Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../operations/operations.ts';
import { type OpenApiDocument, openApiDocument } from './openapi.ts';

const document = openApiDocument({ serverUrl: 'https://livegate.example.com' });

const spectral = new Spectral();
spectral.setRuleset({
  extends: [oas as RulesetDefinition],
  // The slash at the end of Smartcomply's address is the vendor's own; no other path may have one (below).
  rules: { 'path-keys-no-trailing-slash': 'off' },
});
const lint = async (subject: unknown) =>
  (await spectral.run(subject as Record<string, unknown>)).map(
    ({ code, path, message }: ISpectralDiagnostic) => `${code} at ${path.join('.')}: ${message}`,
  );

describe('the OpenAPI document', () => {
  it('has no error and no warning in the eyes of Spectral', async () => {
    expect(await lint(document)).toEqual([]);
  });

  it.each([
    [
      'an example that does not match its schema',
      '"Certified by Verifik.co"',
      '"Certified"',
      'oas3-valid-media-example',
    ],
    ['a reference to nothing', '"#/components/schemas/CreatedCheck"', '"#/components/schemas/Nothing"', 'invalid-ref'],
    ['an id used twice', '"operationId":"isLive"', '"operationId":"isReady"', 'operation-operationId-unique'],
  ])('would be found with %s', async (_name, from, to, code) => {
    const text = JSON.stringify(document);
    expect(text).toContain(from);
    expect((await lint(JSON.parse(text.replace(from, to)))).join('\n')).toContain(code);
  });

  it('has one path with a slash at its end: the vendor’s', () => {
    expect(Object.keys(document.paths).filter((path) => path.endsWith('/'))).toEqual([
      '/api/onboarding/biometrics/face/liveliness_check/',
    ]);
  });

  it('holds every operation, every code and every reason', () => {
    const described = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(described).toHaveLength(OPERATIONS.length);
    for (const code of [...Object.keys(ERROR_CODES), ...REASON_CODES])
      expect(document.info.description).toContain(`| \`${code}\` |`);
  });

  it('names the server it is told, and leaves answers open for fields to come', () => {
    expect(document.servers.map(({ url }) => url)).toEqual(['https://livegate.example.com']);
    const { CheckResult, CaptureFinish } = document.components.schemas as OpenApiDocument['components']['schemas'];
    expect(CheckResult).not.toHaveProperty('additionalProperties');
    expect(CaptureFinish).toHaveProperty('additionalProperties', false);
  });
});
