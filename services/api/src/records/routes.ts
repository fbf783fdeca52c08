/** Our own routes about what is kept: `/checks/{reference}` and `/erasures`. */
import express, { type Router } from 'express';
import { admit } from '../http/admit.ts';
import { bearer } from '../http/authenticate.ts';
import { parseJson } from '../http/parse-body.ts';
import { sendProblem } from '../http/problem-response.ts';
import { refuseMethod } from '../http/refuse-method.ts';
import { eraseByReference } from './erase-check.ts';
import { createErasure, getErasure } from './erase-person.ts';
import { exportByReference } from './export-check.ts';
import { listReceiptsOfDeletion } from './list-deletion-receipts.ts';
import type { RecordDeps } from './record-deps.ts';

export function recordRoutes(deps: RecordDeps): Router {
  const router = express.Router();
  const known = admit(deps.db, bearer);
  router.route('/checks/:reference').delete(known, eraseByReference(deps)).all(refuseMethod);
  router.route('/checks/:reference/export').get(known, exportByReference(deps)).all(refuseMethod);
  router.route('/checks/:reference/deletion_receipts').get(known, listReceiptsOfDeletion(deps)).all(refuseMethod);
  router.route('/erasures').post(known, parseJson, createErasure(deps)).all(refuseMethod);
  router.route('/erasures/:erasureId').get(known, getErasure(deps)).all(refuseMethod);
  for (const path of ['/checks', '/erasures']) router.use(path, sendProblem);
  return router;
}
