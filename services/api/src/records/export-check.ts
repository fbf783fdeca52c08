/** `GET /checks/{reference}/export`: everything that is known of a check, for the person it is about or an auditor. */
import type { ExportResponse } from '@livegate/contracts/records';
import { findCheckById } from '@livegate/db/checks';
import { listDeletionReceipts } from '@livegate/db/deletion-receipts';
import { exportCheck } from '@livegate/db/export-check';
import type { RequestHandler } from 'express';
import { loadKeptImages } from '../handlers/load-kept-images.ts';
import { callerOf } from '../http/authenticate.ts';
import { setReference } from '../http/reference.ts';
import { noteExport } from './note-reads.ts';
import { checkKeyOf, type RecordDeps, unknownCheck } from './record-deps.ts';

export function exportByReference(deps: RecordDeps): RequestHandler {
  return async (request, response) => {
    const key = checkKeyOf(request, response);
    const exported = await exportCheck(deps.db, key);
    const check = exported && (await findCheckById(deps.db, exported.checkId));
    if (!exported || !check) throw unknownCheck();
    setReference(response, key.reference);
    const { checkId: _, held, ...rest } = exported;
    const images = await loadKeptImages(deps, check);
    await noteExport(deps.db, { caller: callerOf(response), check, images });
    const body: ExportResponse = {
      reference: key.reference,
      ...rest,
      images: images.map(({ role, jpeg }) => ({ role, image: `data:image/jpeg;base64,${jpeg.toString('base64')}` })),
      deletion_receipts: await listDeletionReceipts(deps.db, key),
      legal_hold: held,
    };
    response.json(body);
  };
}
