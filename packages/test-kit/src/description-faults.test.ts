import { describe, expect, it } from 'vitest';
import { type ApiAnswer, descriptionFaults } from './description-faults.ts';

const REFERENCE = '9b2f1c1e-5d4a-4a6e-8a0e-1f2b3c4d5e6f';
const TOKEN = 'u2Qe8C9vYl1kP4a7bD6fT3mN9xR5sZ0q';
const HEADERS: Record<string, string> = {
  'content-type': 'application/json; charset=utf-8',
  'x-request-id': REFERENCE,
  'retry-after': '2',
  'cache-control': 'no-store',
};

const waiting = { status: 'pending', token: TOKEN, reference: REFERENCE };
const faultsOf = (change: Partial<ApiAnswer> & { json?: unknown; headers?: Record<string, string | null> } = {}) => {
  const headers: Record<string, string | null> = { ...HEADERS, ...change.headers };
  return descriptionFaults({
    method: 'GET',
    target: `/liveness_check?token=${TOKEN}`,
    status: 202,
    header: (name) => headers[name.toLowerCase()] ?? null,
    body: Buffer.from(JSON.stringify(change.json ?? waiting)),
    ...change,
  });
};

describe('descriptionFaults', () => {
  it('finds none in an answer that is as described', () => {
    expect(faultsOf()).toEqual([]);
    expect(faultsOf({ target: `/liveness_check/?token=${TOKEN}` })).toEqual([]);
  });

  it.each([
    ['a status that is not described', { status: 418 }, 'no answer with this status'],
    ['a field that is not described', { json: { ...waiting, verdict: true } }, 'must NOT have additional properties'],
    ['a field that is missing', { json: { status: 'pending', token: TOKEN } }, 'reference'],
    ['a value of the wrong form', { json: { ...waiting, reference: 'none' } }, 'must match format "uuid"'],
    ['a value that is not listed', { json: { ...waiting, status: 'complete' } }, 'must be equal to one of'],
    ['a header that is missing', { headers: { 'retry-after': null } }, 'Retry-After is missing'],
    ['a header of the wrong form', { headers: { 'retry-after': 'soon' } }, 'Retry-After'],
    ['another type', { headers: { 'content-type': 'text/html' } }, 'the type is text/html'],
    ['no body', { body: Buffer.alloc(0) }, 'must be object'],
    ['a path that is not described', { target: '/elsewhere' }, 'only 404 is expected'],
    ['a 404 in no known shape', { target: '/elsewhere', status: 404 }, 'no shape'],
    ['a method that is not described', { method: 'DELETE', status: 200 }, 'only 404 or 405'],
    ['a 405 in a foreign shape', { method: 'DELETE', status: 405, json: { message: 'x', code: 'ERROR' } }, 'no shape'],
  ])('finds %s', (_name, change, words) => {
    expect(faultsOf(change as Parameters<typeof faultsOf>[0]).join('\n')).toContain(words);
  });

  it('knows a body where none is described', () => {
    const put = { method: 'PUT', target: '/c/secret/frames/0', status: 204 };
    expect(faultsOf({ ...put, body: Buffer.alloc(0) })).toEqual([]);
    expect(faultsOf({ ...put, body: Buffer.from('x') }).join()).toContain('none is described');
  });
});
