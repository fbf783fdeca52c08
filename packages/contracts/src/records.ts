/** Our own routes about what is kept: export and erase one check, erase a person, public keys. Errors are RFC 9457 problems. */
import { z } from 'zod';

const time = z.iso.datetime({ precision: 3 });

/** A signed statement, compact: see receipts.ts. */
export const jws = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);

/** What the client calls a person: opaque to us, kept as a keyed hash only. */
export const personReference = z
  .string('must be text of 1 to 200 characters')
  .min(1, 'must be text of 1 to 200 characters')
  .max(200, 'must be text of 1 to 200 characters');

/** `DELETE /checks/{reference}`; asked again, it is answered again. */
export const eraseResponse = z
  .object({
    reference: z.uuidv4(),
    receipts: z.array(jws).nonempty().meta({ description: 'Signed deletion receipts, the oldest first.' }),
  })
  .meta({ id: 'ErasedCheck' });
export type EraseResponse = z.infer<typeof eraseResponse>;

/** `GET /checks/{reference}/deletion_receipts`: of its images, scores, deliveries, of itself. */
export const deletionReceiptsResponse = z
  .object({ reference: z.uuidv4(), receipts: z.array(jws) })
  .meta({ id: 'DeletionReceipts' });
export type DeletionReceiptsResponse = z.infer<typeof deletionReceiptsResponse>;

/** `POST /erasures` */
export const erasureRequest = z.strictObject({ person_reference: personReference }).meta({ id: 'ErasureRequest' });

/** `POST /erasures`, `GET /erasures/{erasureId}` */
export const erasureResponse = z
  .object({
    id: z.string().startsWith('ers_'),
    state: z.enum(['under_way', 'finished']),
    checks_erased: z
      .int()
      .meta({ description: 'So far. A check under a legal hold is left, and keeps this under way.' }),
    requested_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'Erasure' });
export type ErasureResponse = z.infer<typeof erasureResponse>;

const row = z.record(z.string(), z.unknown());

/** `GET /checks/{reference}/export`: everything that is known of a check, but for secrets. */
export const exportResponse = z
  .object({
    reference: z.uuidv4(),
    check: row,
    frames: z.array(row),
    transitions: z.array(row),
    events: z.array(row),
    deliveries: z.array(row),
    images: z
      .array(z.object({ role: z.enum(['probe', 'audit']), image: z.string().startsWith('data:image/') }))
      .meta({ description: 'While they may be read.' }),
    receipt: jws.nullable(),
    deletion_receipts: z.array(jws),
    legal_hold: z.boolean(),
  })
  .meta({ id: 'ExportedCheck' });
export type ExportResponse = z.infer<typeof exportResponse>;

/** `GET /.well-known/jwks.json` */
export const jwksResponse = z
  .object({
    keys: z.array(z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string() })),
  })
  .meta({ id: 'PublicKeys', description: 'RFC 7517.' });
