/** Where a page ended, as an opaque text: lists stay in step while new rows arrive in front. */
import { CodedError } from '@livegate/domain/errors';

type Place = { place: string; id: string };

const DEFAULT_LIMIT = 20;
const FORM = /^(\d{1,18})\.([A-Za-z0-9_]{1,40})$/;

/** What to ask the database for: one row more than is shown tells whether there is a next page. */
export function readPage({
  limit = DEFAULT_LIMIT,
  cursor,
}: {
  limit?: number | undefined;
  cursor?: string | undefined;
}) {
  return { limit: limit + 1, after: cursor === undefined ? null : decode(cursor) };
}

/** The rows to show, and the cursor of what follows them. */
export function cutPage<Row extends Place>(rows: readonly Row[], limit = DEFAULT_LIMIT) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { shown, nextCursor: rows.length > limit && last ? encode(last) : null };
}

function encode({ place, id }: Place): string {
  return Buffer.from(`${place}.${id}`).toString('base64url');
}

function decode(cursor: string): Place {
  const [, place, id] = FORM.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (place !== undefined && id !== undefined) return { place, id };
  throw new CodedError('invalid_request', 'cursor must be the next_cursor of a page.', { field: 'cursor' });
}
