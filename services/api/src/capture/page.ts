/** `GET /c/<secret>`: the hosted page. Looking at it starts nothing: link previews look, too. */
import { readFile } from 'node:fs/promises';
import { findClientPage } from '@livegate/db/client-page';
import { effectiveFrameOrigins } from '@livegate/domain/frame-origins';
import { captureStepped } from '@livegate/telemetry/events';
import type { RequestHandler } from 'express';
import { inColours } from '../brand/page-theme.ts';
import { letBeFramed } from '../http/security-headers.ts';
import { sendSandboxPage } from '../sandbox/page.ts';
import { linkedCheck } from './find-capture.ts';
import type { FramingDeps } from './framing.ts';

const PAGE = new URL('./dist/', import.meta.resolve('@livegate/capture-page/package.json'));

/** The page for a known link; for an unknown one the same page with status 404: it then says so in its own words. */
export async function capturePage({ db, mode }: FramingDeps): Promise<RequestHandler> {
  const html = await readFile(new URL('index.html', PAGE), 'utf8');
  return async (_request, response) => {
    const known = linkedCheck(response);
    if (known?.sandbox) return sendSandboxPage(response, known);
    if (known) captureStepped('opened');
    const page = known && (await findClientPage(db, known.clientId));
    letBeFramed(response, effectiveFrameOrigins(page?.frameOrigins ?? [], mode));
    response
      .status(known ? 200 : 404)
      .type('html')
      .send(inColours(html, page?.colours ?? {}));
  };
}
