/** `GET /console/api/checks`: one by its name, or many by state and time, newest first. */
import { type CheckListAnswer, type CheckRow, findChecksQuery } from '@livegate/contracts/console/checks';
import { type CheckName, type FoundCheck, findCheckNamed, findChecks } from '@livegate/db/console-queries';
import { CodedError } from '@livegate/domain/errors';
import type { RequestHandler } from 'express';
import { readQuery } from '../http/parse-body.ts';
import { cutPage, readPage } from '../platform/page-cursor.ts';
import type { ConsoleDeps } from './console-deps.ts';

const SHOWN = 25;

export function searchChecks({ consoleDb }: ConsoleDeps): RequestHandler {
  return async (request, response) => {
    const { text, cursor, client, since, until, state } = readQuery(request, findChecksQuery);
    if (text) {
      const found = await findCheckNamed(consoleDb, readName(text));
      const body: CheckListAnswer = { checks: found ? [showFound(found)] : [], nextCursor: null };
      return void response.json(body);
    }
    const rows = await findChecks(consoleDb, {
      page: readPage({ limit: SHOWN, cursor }),
      state,
      clientId: client,
      since: since === undefined ? undefined : new Date(since),
      until: until === undefined ? undefined : new Date(until),
    });
    const { shown, nextCursor } = cutPage(rows, SHOWN);
    const body: CheckListAnswer = { checks: shown.map(showFound), nextCursor };
    response.json(body);
  };
}

const FORMS: readonly { by: CheckName['by']; form: RegExp }[] = [
  { by: 'reference', form: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i },
  { by: 'id', form: /^chk_[A-Za-z0-9]{26}$/ },
  { by: 'token', form: /^[A-Za-z0-9]{32}$/ },
];

/** A part of a name finds nothing: that would take reading all checks. */
function readName(text: string): CheckName {
  const kind = FORMS.find(({ form }) => form.test(text));
  if (kind) return { by: kind.by, text: kind.by === 'reference' ? text.toLowerCase() : text };
  throw new CodedError('invalid_request', 'Search for a whole reference, token or check id.', { field: 'text' });
}

export function showFound({ place: _, createdAt, finishedAt, ...row }: FoundCheck): CheckRow {
  return { ...row, createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null };
}
