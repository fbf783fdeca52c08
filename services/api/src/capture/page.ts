/** `GET /c/<secret>`: the hosted page. Looking at it starts nothing: link previews look, too. */
import { readFile } from 'node:fs/promises';
import { captureStepped } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { sendSandboxPage } from '../sandbox/page.ts';
import { linkedCheck } from './find-capture.ts';

const PAGE = new URL('./dist/', import.meta.resolve('@livegate/capture-page/package.json'));

/** The page for a known link; for an unknown one the same page with status 404: it then says so in its own words. */
export async function capturePage(): Promise<RequestHandler> {
  const html = await readFile(new URL('index.html', PAGE), 'utf8');
  return (_request, response) => {
    const known = linkedCheck(response);
    if (known?.sandbox) return sendSandboxPage(response, known);
    if (known) captureStepped('opened');
    response
      .status(known ? 200 : 404)
      .type('html')
      .send(html);
  };
}
