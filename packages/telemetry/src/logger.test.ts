import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { REDACTED_PATHS, scrubPath } from './redact.ts';

const path = join(tmpdir(), `livegate-log-${process.pid}`);
const fd = openSync(path, 'w');
const logger = createLogger({ service: 'test', level: 'info', fd });
const lines = () => readFileSync(path, 'utf8').trim().split('\n');
afterAll(() => {
  closeSync(fd);
  rmSync(path);
});

it('writes one JSON object per line, with time, level, service and fields', () => {
  logger.info('request', { status: 201, ms: 4 });
  expect(JSON.parse(lines().at(-1) as string)).toMatchObject({
    level: 'info',
    service: 'test',
    msg: 'request',
    status: 201,
    ms: 4,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
});

it('shows no field of the redaction list, at the top or one level down', () => {
  for (const name of REDACTED_PATHS.filter((listed) => !listed.startsWith('*.'))) {
    logger.info('leak', { [name]: 'sentinel-4711' });
    logger.info('leak', { nested: { [name]: 'sentinel-4711' } as unknown as string });
    expect(lines().slice(-2).join(), name).not.toContain('sentinel-4711');
    expect(lines().slice(-2).join().split('[redacted]')).toHaveLength(3);
  }
});

it('describes an error with its code and its cause', () => {
  logger.error('failed', { error: Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'E1' }) });
  expect(JSON.parse(lines().at(-1) as string).error).toMatchObject({ code: 'E1', cause: { message: 'inner' } });
});

it('takes capture secrets and queries out of a path', () => {
  expect(scrubPath('/c/abc123/frames/0?token=x')).toBe('/c/:secret/frames/0');
  expect(scrubPath('/liveness_check?token=x')).toBe('/liveness_check');
});
