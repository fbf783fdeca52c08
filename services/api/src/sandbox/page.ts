/**
 * What a link of the sandbox shows in place of the capture page: the scenarios to choose from, then where the chosen one
 * stands, then the way back. Plain HTML: an integrator's end-to-end test can press its buttons.
 */
import type { Check } from '@livegate/db/checks';
import type { Database } from '@livegate/db/database';
import { findScenario, SCENARIOS, type Scenario } from '@livegate/domain/sandbox';
import express, { type RequestHandler, type Response } from 'express';
import { findCapture } from '../capture/find-capture.ts';
import { redirectUrl } from '../capture/redirect-url.ts';
import { type StageDeps, stageCheck } from './stage-check.ts';

const REFRESH_SECONDS = 1;
const PLAYABLE = Object.entries(SCENARIOS).filter(([, { hosted }]) => hosted.effect !== 'refuse');

/** Answers with the page of a sandbox check. */
export function sendSandboxPage(response: Response, check: Check): void {
  response
    .set('X-Sandbox', 'true')
    .type('html')
    .send(document(stageOf(check, response)));
}

/** `POST /c/<secret>`: the form's choice. */
export function chooseOnPage({ db, ...deps }: StageDeps & { db: Database }): RequestHandler[] {
  return [
    express.urlencoded({ extended: false, limit: '1kb', inflate: false }),
    async (request, response) => {
      const { dataKey, ...check } = await findCapture(db, response);
      const scenario = String(request.body?.scenario ?? '');
      if (dataKey) await db.transaction((tx) => stageCheck(tx, deps, { check: { ...check, dataKey }, scenario }));
      // Relative, so that it holds behind a proxy that adds a path.
      response
        .status(303)
        .location(`./${String(request.params.secret)}`)
        .end();
    },
  ];
}

function stageOf(check: Check, response: Response): string {
  const back = wayBack(check);
  if (back) {
    // A header holds ASCII only: the serialised URL is.
    response.set('Refresh', `0; url=${new URL(back).href}`);
    return `<p>The check is over.</p><p><a href="${escapeHtml(back)}">Back to where you came from</a></p>`;
  }
  if (check.scenario === null) return `<p>Choose how this check goes.</p>${PLAYABLE.map(button).join('')}`;
  response.set('Refresh', String(REFRESH_SECONDS));
  const meaning = findScenario(check.scenario)?.meaning ?? '';
  return `<p role="status">Playing <b>${escapeHtml(check.scenario)}</b>: ${escapeHtml(meaning)}</p>`;
}

function wayBack(check: Check): string | null {
  if (check.state === 'expired' || check.linkExpired) return redirectUrl(check, 'expired');
  if (check.state === 'failed') return redirectUrl(check, 'failed');
  return check.state === 'complete' ? redirectUrl(check) : null;
}

function button([name, { meaning }]: [string, Scenario]): string {
  return `<form method="post"><button name="scenario" value="${name}">${name}</button> <span>${escapeHtml(meaning)}</span></form>`;
}

function document(body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Livegate sandbox</title>
<link rel="stylesheet" href="/sandbox/page.css">
<main>
<h1>Sandbox</h1>
<p>This link was made with a test key: no camera is used and nobody is checked.</p>
${body}
</main>
</html>
`;
}

/** The page's only style sheet. */
export const SANDBOX_PAGE_STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 42rem; margin: 0 auto; padding: 1.5rem; }
form { display: grid; grid-template-columns: minmax(10rem, auto) 1fr; gap: 0 1rem; align-items: center; margin: 0 0 0.5rem; }
button { font: inherit; padding: 0.5rem 0.75rem; min-height: 2.75rem; cursor: pointer; text-align: left; }
@media (max-width: 30rem) { form { grid-template-columns: 1fr; } }
`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
