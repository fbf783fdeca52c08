/** Our own routes about what is kept: `/checks/{reference}` and `/erasures`. */
import { CodedError } from '@livegate/domain/errors';
import express, { type RequestHandler, type Router } from 'express';
import { parseJson } from '../http/parse-body.ts';
import { sendProblem } from '../http/problem-response.ts';
import { eraseByReference } from './erase-check.ts';
import { createErasure, getErasure } from './erase-person.ts';
import { exportByReference } from './export-check.ts';
import { listReceiptsOfDeletion } from './list-deletion-receipts.ts';
import type { RecordDeps } from './record-deps.ts';

/** `known`: what lets only known callers pass. */
export function recordRoutes(deps: RecordDeps, known: readonly RequestHandler[]): Router {
  const router = express.Router();
  router.use(['/checks', '/erasures'], ...known);
  router.route('/checks/:reference').delete(eraseByReference(deps)).all(refuseMethod);
  router.route('/checks/:reference/export').get(exportByReference(deps)).all(refuseMethod);
  router.route('/checks/:reference/deletion_receipts').get(listReceiptsOfDeletion(deps)).all(refuseMethod);
  router.route('/erasures').post(parseJson, createErasure(deps)).all(refuseMethod);
  router.route('/erasures/:id').get(getErasure(deps)).all(refuseMethod);
  router.use(sendProblem);
  return router;
}

const refuseMethod = () => {
  throw new CodedError('method_not_allowed', 'The method is not one of this address.');
};
