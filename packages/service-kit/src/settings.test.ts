import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from './settings.ts';

describe('readSettings', () => {
  it('reports every fault in one message', () => {
    const env = { LIVEGATE_PORT: 'eighty', DATABASE_URL: 'mysql://x', LIVEGATE_MODE: 'test' };
    const read = () =>
      readSettings({ env, names: ['LIVEGATE_PORT', 'DATABASE_URL', 'LIVEGATE_MODE', 'LIVEGATE_HOST'] });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(/LIVEGATE_PORT.*DATABASE_URL.*LIVEGATE_MODE/s);
  });

  it('says of a setting without a default that it is not set', () => {
    expect(() => readSettings({ env: { DATABASE_URL: '' }, names: ['DATABASE_URL'] })).toThrow(
      'DATABASE_URL is not set',
    );
  });

  it('takes the default of the service, then that of the schema', () => {
    expect(
      readSettings({ env: {}, names: ['LIVEGATE_PORT', 'LIVEGATE_MODE'], defaults: { LIVEGATE_MODE: 'production' } }),
    ).toEqual({
      LIVEGATE_PORT: 8080,
      LIVEGATE_MODE: 'production',
    });
  });

  it('never shows a secret', () => {
    const settings = readSettings({ env: { DATABASE_URL: 'postgres://u:hunter2@h/d' }, names: ['DATABASE_URL'] });
    expect(`${inspect(settings)} ${JSON.stringify(settings)} ${settings.DATABASE_URL}`).not.toContain('hunter2');
    expect(settings.DATABASE_URL.reveal()).toContain('hunter2');
  });

  it('means one place by a relative directory, wherever npm was called', () => {
    const read = (folder: string) =>
      readSettings({ env: { INIT_CWD: folder, LIVEGATE_DATA_DIR: 'data' }, names: ['LIVEGATE_DATA_DIR'] })
        .LIVEGATE_DATA_DIR;
    expect(read('/srv')).toBe(read('/tmp'));
    expect(read('/srv')).toMatch(/^\/.+\/data$/);
  });
});
