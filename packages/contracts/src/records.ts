/** Our own routes about what is kept: export and erase one check, erase a person. Errors are RFC 9457 problems. */
import { z } from 'zod';

const time = z.iso.datetime({ precision: 3 });
const jws = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);

/** What the client calls a person: opaque to us, kept as a keyed hash only. */
export const personReference = z
  .string('must be text of 1 to 200 characters')
  .min(1, 'must be text of 1 to 200 characters')
  .max(200, 'must be text of 1 to 200 characters');

/** `DELETE /checks/{reference}`; asked again, it is answered again. */
export const eraseResponse = z.object({ reference: z.uuidv4(), receipts: z.array(jws).nonempty() });
export type EraseResponse = z.infer<typeof eraseResponse>;

/** `GET /checks/{reference}/deletion_receipts`: of its images, scores, deliveries, of itself. */
export const deletionReceiptsResponse = z.object({ reference: z.uuidv4(), receipts: z.array(jws) });
export type DeletionReceiptsResponse = z.infer<typeof deletionReceiptsResponse>;

/** `POST /erasures` */
export const erasureRequest = z.strictObject({ person_reference: personReference });

/** `POST /erasures`, `GET /erasures/{id}` */
export const erasureResponse = z.object({
  id: z.string().startsWith('ers_'),
  state: z.enum(['under_way', 'finished']),
  checks_erased: z.int(),
  requested_at: time,
  finished_at: time.nullable(),
});
export type ErasureResponse = z.infer<typeof erasureResponse>;

const row = z.record(z.string(), z.unknown());

/** `GET /checks/{reference}/export`: everything that is known of a check, but for secrets. */
export const exportResponse = z.object({
  reference: z.uuidv4(),
  check: row,
  frames: z.array(row),
  transitions: z.array(row),
  events: z.array(row),
  deliveries: z.array(row),
  images: z.array(z.object({ role: z.enum(['probe', 'audit']), image: z.string().startsWith('data:image/') })),
  receipt: jws.nullable(),
  deletion_receipts: z.array(jws),
  legal_hold: z.boolean(),
});
export type ExportResponse = z.infer<typeof exportResponse>;
