/** `GET /c/<secret>`: the hosted page. Looking at it starts nothing: link previews look, too. Who asked to be told is. */
import { readFile } from 'node:fs/promises';
import { webhookBody } from '@livegate/contracts/webhook-event';
import { announceStep, isStepAwaited } from '@livegate/db/announce-step';
import type { Check } from '@livegate/db/checks';
import { findClientPage } from '@livegate/db/client-page';
import type { Database } from '@livegate/db/database';
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
export async function capturePage({ db, mode }: FramingDeps & { db: Database }): Promise<RequestHandler> {
  const html = await readFile(new URL('index.html', PAGE), 'utf8');
  return async (_request, response) => {
    const known = linkedCheck(response);
    if (known?.sandbox) return sendSandboxPage(response, known);
    if (known) captureStepped('opened');
    const [page] = known ? await Promise.all([findClientPage(db, known.clientId), announceOpened(db, known)]) : [null];
    letBeFramed(response, effectiveFrameOrigins(page?.frameOrigins ?? [], mode));
    response
      .status(known ? 200 : 404)
      .type('html')
      .send(inColours(html, page?.colours ?? {}));
  };
}

async function announceOpened(db: Database, check: Check): Promise<void> {
  const step = 'opened';
  if (!(await isStepAwaited(db, { ...check, step }))) return;
  await db.transaction((tx) => announceStep(tx, { check, step, buildBody: webhookBody }));
}
