import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClientPage, findLogo } from '@livegate/db/client-page';
import { createClient } from '@livegate/db/clients';
import { plainPicture } from '@livegate/test-kit/pictures';
import { cloneDatabase } from '@livegate/test-kit/postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { runAdmin } from './run-admin.ts';

const { url, db } = await cloneDatabase();
const folder = await mkdtemp(join(tmpdir(), 'livegate-logo-'));
afterAll(() => rm(folder, { recursive: true }));
const client = await createClient(db, { name: 'Acme Holding 7' });

async function admin(...args: string[]) {
  const rows: string[] = [];
  const complaints: string[] = [];
  const code = await runAdmin({
    args: [...args, '--json'],
    env: { DATABASE_URL: url },
    print: (text) => rows.push(text),
    complain: (text) => complaints.push(text),
  });
  return { code, row: rows[0] ? JSON.parse(rows[0]) : null, complaint: complaints.join('\n') };
}
const refused = (complaint: string) => ({ code: 1, row: null, complaint: expect.stringContaining(complaint) });

describe('the capture page of a client', () => {
  it('has our looks, its name and no site that frames it, until somebody says otherwise', async () => {
    expect((await admin('client', 'page', client)).row).toEqual({
      client,
      name: 'Acme Holding 7',
      light: 'usual',
      dark: 'usual',
      logos: 'none',
      frames: 'none',
    });
    expect(await admin('client', 'page', 'cli_nobody')).toEqual(refused('no client cli_nobody'));
  });

  it('has a name for people', async () => {
    expect((await admin('client', 'display-name', client, 'Acme Bank')).row.name).toBe('Acme Bank');
    expect(await admin('client', 'display-name', client, 'Acme\u202eknaB')).toEqual(refused('printable'));
    expect(await admin('client', 'display-name', client, 'A'.repeat(61))).toEqual(refused('at most 60'));
    expect((await admin('client', 'display-name', client, 'usual')).row.name).toBe('Acme Holding 7');
  });

  it('has colours in each theme, one at a time or together', async () => {
    expect((await admin('client', 'colours', client, 'light', '--accent', '#0A7A5A')).row.light).toBe('accent:#0a7a5a');
    const dark = await admin('client', 'colours', client, 'dark', '--accent', '#7fe0c0', '--card', '#102020');
    expect(dark.row).toMatchObject({ light: 'accent:#0a7a5a', dark: 'accent:#7fe0c0,card:#102020' });
    expect((await admin('client', 'colours', client, 'dark', '--card', 'usual')).row.dark).toBe('accent:#7fe0c0');
    expect((await findClientPage(db, client))?.colours).toEqual({
      light: { accent: '#0a7a5a' },
      dark: { accent: '#7fe0c0' },
    });
  });

  it('refuses colours that cannot be read, with what was measured and what would do', async () => {
    const answer = await admin('client', 'colours', client, 'light', '--accent', '#77aaff');
    expect(answer).toEqual(refused('light accent #77aaff on card #ffffff has a contrast of 2.33:1; text needs 4.5:1.'));
    const nearest = /The nearest that has it is --accent '(#[0-9a-f]{6})'/.exec(answer.complaint)?.[1] as string;
    expect((await admin('client', 'colours', client, 'light', '--accent', nearest)).code).toBe(0);
    expect(await admin('client', 'colours', client, 'light', '--card', '#10131a')).toEqual(
      refused('ink #18202b on card #10131a'),
    );
    expect(await admin('client', 'colours', client, 'light', '--accent', 'blue')).toEqual(refused('--accent must be'));
    expect(await admin('client', 'colours', client, 'dim', '--accent', '#000')).toEqual(refused('dim is not one of'));
    expect(await admin('client', 'colours', client, 'light')).toEqual(refused('name at least one'));
  });

  it('has a logo that was drawn anew, and takes no SVG', async () => {
    const [png, svg] = [join(folder, 'logo.png'), join(folder, 'logo.svg')];
    await writeFile(png, await plainPicture(900, 200, 'png'));
    await writeFile(svg, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    expect((await admin('client', 'logo', client, 'light', png)).row.logos).toBe('light');
    expect((await admin('client', 'logo', client, 'dark', png)).row.logos).toBe('light,dark');
    const digest = (await findClientPage(db, client))?.logos.light as string;
    expect((await findLogo(db, digest))?.subarray(1, 4).toString()).toBe('PNG');
    expect(await admin('client', 'logo', client, 'light', svg)).toEqual(refused('SVG is not taken'));
    expect(await admin('client', 'logo', client, 'light', join(folder, 'none.png'))).toEqual(refused('no file'));
    expect(await admin('client', 'logo', 'cli_nobody', 'light', png)).toEqual(refused('no client'));
    expect((await admin('client', 'logo', client, 'dark', 'none')).row.logos).toBe('light');
  });

  it('is framed by the sites that are named, and by no pattern', async () => {
    const both = await admin('policy', 'frames', client, 'https://shop.example,http://localhost:3000');
    expect(both.row.frames).toBe('https://shop.example,http://localhost:3000');
    expect(await admin('policy', 'frames', client, 'https://*.example')).toEqual(refused('wildcard'));
    expect(await admin('policy', 'frames', client, 'https://shop.example/')).toEqual(
      refused('write it as https://shop.example'),
    );
    const many = Array.from({ length: 21 }, (_, at) => `https://shop${at}.example`).join(',');
    expect(await admin('policy', 'frames', client, many)).toEqual(refused('at most 20'));
    expect((await admin('policy', 'frames', client, 'none')).row.frames).toBe('none');
  });

  it('writes what was changed into the log of acts', async () => {
    const { rows } = await db.query(
      `select action, details from audit_log where client_id = $1 and actor = 'livegate-admin' order by sequence`,
      [client],
    );
    expect(rows).toContainEqual({
      action: 'clients.update',
      details: { frame_origins: ['https://shop.example', 'http://localhost:3000'] },
    });
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['client_logos.insert', 'client_logos.delete']),
    );
  });
});
