/** Our own routes, beside the vendors' contracts: events, deliveries, webhook endpoints, meta. Problems are RFC 9457. */
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database } from '@livegate/db/database';
import type { EgressMode } from '@livegate/egress/target-policy';
import express, { type Router } from 'express';
import { admit } from '../http/admit.ts';
import { bearer } from '../http/authenticate.ts';
import { parseJson } from '../http/parse-body.ts';
import { sendProblem } from '../http/problem-response.ts';
import { refuseMethod } from '../http/refuse-method.ts';
import { createWebhookEndpoint } from './create-endpoint.ts';
import { getEvent } from './get-event.ts';
import { getMeta } from './get-meta.ts';
import { listClientDeliveries } from './list-deliveries.ts';
import { listClientEvents } from './list-events.ts';
import {
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookEndpoints,
  updateWebhookEndpoint,
} from './manage-endpoints.ts';
import { recoverClientEvents } from './recover-events.ts';
import { replayClientEvent } from './replay-event.ts';
import { requireLiveKey } from './require-live-key.ts';
import { rotateSecret } from './rotate-secret.ts';

export type PlatformDeps = { db: Database; keyRing: KeyRing; mode: EgressMode; egressAddresses: readonly string[] };

export function platformRoutes(deps: PlatformDeps): Router {
  const router = express.Router();
  const known = [...admit(deps.db, bearer), requireLiveKey];
  router.route('/meta').get(getMeta(deps)).all(refuseMethod);
  router.route('/events').get(known, listClientEvents(deps)).all(refuseMethod);
  router.route('/events/recover').post(known, parseJson, recoverClientEvents(deps)).all(refuseMethod);
  router.route('/events/:eventId').get(known, getEvent(deps)).all(refuseMethod);
  router.route('/events/:eventId/replay').post(known, parseJson, replayClientEvent(deps)).all(refuseMethod);
  router.route('/deliveries').get(known, listClientDeliveries(deps)).all(refuseMethod);
  router
    .route('/webhook_endpoints')
    .post(known, parseJson, createWebhookEndpoint(deps))
    .get(known, listWebhookEndpoints(deps))
    .all(refuseMethod);
  router
    .route('/webhook_endpoints/:endpointId')
    .get(known, getWebhookEndpoint(deps))
    .patch(known, parseJson, updateWebhookEndpoint(deps))
    .delete(known, deleteWebhookEndpoint(deps))
    .all(refuseMethod);
  router
    .route('/webhook_endpoints/:endpointId/rotate_secret')
    .post(known, parseJson, rotateSecret(deps))
    .all(refuseMethod);
  for (const path of ['/meta', '/events', '/deliveries', '/webhook_endpoints']) router.use(path, sendProblem);
  return router;
}
