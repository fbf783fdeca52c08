/** The words above the description: how to begin, and what holds for every operation. Its tables are the code's own. */
import { ERROR_CODES } from '@livegate/domain/errors';
import { REASONS } from '@livegate/domain/reasons';
import { SCENARIOS } from '@livegate/domain/sandbox';
import { PROBLEMS } from '../problems.ts';

/** Markdown. */
export function introduction(serverUrl: string): string {
  return [
    opening,
    `## First request\n\n${firstRequest(serverUrl)}`,
    `## Authentication\n\n${authentication}`,
    `## Sandbox\n\n${sandbox}\n\n${scenarioTable()}`,
    `## Webhooks and signatures\n\n${webhooks}`,
    `## What is kept, and proof\n\n${proof}`,
    `## Limits\n\n${limits}`,
    `## Reasons\n\n${reasonsText}\n\n${reasonTable()}`,
    `## Errors\n\n${errorsText}\n\n${errorTable()}`,
  ].join('\n\n');
}

const opening = `Livegate says whether a face in front of a camera is a living person's: it looks for prints, screens and masks.
It recognises nobody, and keeps no template.

Two ways to ask, over one engine:

- **Hosted** (GlobalData): create a check, give the person its link, fetch the result.
- **One image** (Verifik, Kairos, Smartcomply): send a picture, get the answer in the same request.

This description is also there [for programs](/openapi.json) and as a [Postman collection](/postman.json).`;

const firstRequest = (serverUrl: string) => `\`\`\`sh
curl ${serverUrl}/liveness_check \\
  -H "Authorization: Bearer $LIVEGATE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"return_url":"https://example.com/return"}'
\`\`\`

Open the \`url\` of the answer on a phone, then ask \`GET /liveness_check?token=…\` until it says 200 or 410.`;

const authentication = `One API key (\`lv_live_<id>_<secret>\`) works on every contract, in the contract's own header:

| Contract | Header |
| --- | --- |
| GlobalData, Verifik | \`Authorization: Bearer <key>\` |
| Kairos | \`app_id: <id>\` and \`app_key: <key>\`, or what follows the id. Also as \`app-id\`, \`app-key\` |
| Smartcomply | \`x-access-token: <key>\` |

nginx drops headers with underscores unless \`underscores_in_headers on\` is set. Keys belong on a server, never in an app or a page.`;

const sandbox = `A key that begins with \`lv_test_\` never reaches a model and needs no camera. The header \`X-Sandbox-Scenario\` of a request
chooses what is answered, so that every status and event can be tested in CI. Where no header can be sent, the images of
\`/sandbox/images/<scenario>.png\` choose by their bytes (or by their URL, which is not fetched), and the link of a hosted check shows buttons.
Hosted checks start and end by themselves, a second each, webhooks included. Every answer and every webhook is marked with \`X-Sandbox: true\`.`;

const proof = `Every verdict of a live key is signed: \`result.receipt\`, or the header \`X-Liveness-Receipt\`. The receipt names the check, the
hashes of the frames and of the models, the rule and the result; the keys of [/.well-known/jwks.json](/.well-known/jwks.json) verify it, also when
this server is off. Images end about 30 minutes after the verdict, and then so does every key that could open a copy. A check can be exported and
erased by its \`reference\`, and all checks of a person by the \`person_reference\` that they were made with; each leaves a signed receipt.`;

const webhooks = `A check with a \`webhook_url\` posts one event when it ends (\`complete\`, \`expired\`, \`failed\`). The body is thin on purpose: it
names the check and holds no verdict, so call \`GET /liveness_check\` with your key to learn it. The same holds for \`lc_token\` in the redirect: it
comes by the person's browser, so trust it for nothing but a lookup.

Every event is signed twice with the check's \`secret\`. Verify either, over the exact bytes of the body, before you parse it:

- \`Signature\`: lower-case hex of HMAC-SHA-256 over the body; the key is the whole \`secret\` as it was printed.
- \`webhook-id\`, \`webhook-timestamp\`, \`webhook-signature\` ([Standard Webhooks](https://www.standardwebhooks.com/)): bind id and time as well, and so resist
  replay. Prefer them.

Events come at least once: dedupe by \`id\`.`;

const limits = `Images: JPEG, PNG or WebP, 10 MB, 25 million pixels (Kairos: 5000 pixels on a side). An image by URL is fetched within 10 seconds from
a public https address, without redirects. A one-image request is answered within 15 seconds or refused. When too much work waits, the answer is 503
with \`Retry-After\` at once; a limit of your key or quota is 429 (Kairos: 403). Compressed request bodies are refused.`;

const reasonsText = `Why a check did not pass: \`result.reasons\` on GlobalData, the header \`X-Liveness-Reason\` elsewhere. Only \`attack\` says that an attack was seen;
\`quality\` and \`processing\` mean that nothing could be judged, and another picture may help; \`challenge\`, that the person did not do what was
asked, which honest people also fail to do. What \`result.risk_signals\` holds is evidence and no verdict.`;

const errorsText = `Each contract has errors of its own shape. GlobalData, Kairos and our own routes carry these codes; our own routes answer as
\`application/problem+json\` (RFC 9457) with the status given here. Quote \`X-Request-ID\` when you ask about an answer.`;

function scenarioTable(): string {
  const rows = Object.entries(SCENARIOS).map(([name, { meaning }]) => `| \`${name}\` | ${meaning} |`);
  return ['| Scenario | What it plays |', '| --- | --- |', ...rows].join('\n');
}

function reasonTable(): string {
  const rows = Object.entries(REASONS).map(
    ([code, { evidence, meaning }]) => `| \`${code}\` | ${evidence} | ${meaning} |`,
  );
  return ['| Code | Evidence | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function errorTable(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, meaning]) => `| \`${code}\` | ${PROBLEMS[code as keyof typeof PROBLEMS].status} | ${meaning} |`,
  );
  return ['| Code | Status | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
