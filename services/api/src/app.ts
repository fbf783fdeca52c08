/** The api as an Express app: routes in one place, each a story of its own. */
import { MAX_FRAME_BYTES } from '@livegate/contracts/capture';
import type { KeyRing } from '@livegate/crypto/key-ring';
import type { Database, Queryable } from '@livegate/db/database';
import type { Challenge } from '@livegate/domain/challenge';
import { CodedError } from '@livegate/domain/errors';
import type { FailureLock } from '@livegate/domain/failure-lock';
import type { Egress } from '@livegate/egress/fetch-public';
import type { EgressMode } from '@livegate/egress/target-policy';
import type { FrameStore } from '@livegate/frame-store/frame-store';
import type { Producer } from '@livegate/queues/producer';
import { type ReadinessChecks, readiness } from '@livegate/service-kit/health-server';
import type { Logger } from '@livegate/telemetry/logger';
import express, { type Express, type Router } from 'express';
import { brandRoutes } from './brand/routes.ts';
import { abandonCapture } from './capture/abandon.ts';
import { captureAssets } from './capture/assets.ts';
import { declineTurning } from './capture/decline-turning.ts';
import { findPageDetector } from './capture/detector.ts';
import { followLink } from './capture/find-capture.ts';
import { finishCapture } from './capture/finish.ts';
import { offerCaptureHandoff } from './capture/offer-handoff.ts';
import { capturePage } from './capture/page.ts';
import { receiveFrame } from './capture/receive-frame.ts';
import { startCaptureSession } from './capture/start.ts';
import { captureStatus } from './capture/status.ts';
import { takeCaptureBack } from './capture/take-back.ts';
import { takeCaptureHandoff } from './capture/take-handoff.ts';
import type { ConsoleDeps } from './console/console-deps.ts';
import { consoleRoutes } from './console/routes.ts';
import { descriptionRoutes } from './description/serve-description.ts';
import { embedRoutes } from './embed/routes.ts';
import { createLivenessCheck } from './facades/globaldata/create.ts';
import { sendGlobaldataError } from './facades/globaldata/errors.ts';
import { retrieveLivenessCheck } from './facades/globaldata/retrieve.ts';
import { kairosCredentials } from './facades/kairos/credentials.ts';
import { sendKairosError } from './facades/kairos/errors.ts';
import { kairosLivenessVerification } from './facades/kairos/liveness-verification.ts';
import { parseSelfieForm } from './facades/kairos/upload.ts';
import { sendSmartcomplyError } from './facades/smartcomply/errors.ts';
import { smartcomplyCredentials, smartcomplyLivelinessCheck } from './facades/smartcomply/liveliness-check.ts';
import { sendVerifikError } from './facades/verifik/errors.ts';
import { verifikLiveness } from './facades/verifik/liveness.ts';
import { admit } from './http/admit.ts';
import { bearer } from './http/authenticate.ts';
import { parseImageJson, parseJpeg, parseJson } from './http/parse-body.ts';
import { readPersonReference } from './http/person-reference.ts';
import { sendProblem } from './http/problem-response.ts';
import { limitLinkRate } from './http/rate-limit.ts';
import { assignReference } from './http/reference.ts';
import { refuseMethod } from './http/refuse-method.ts';
import { logRequests } from './http/request-log.ts';
import { requireProgress } from './http/require-progress.ts';
import { dataHeaders, noStore, pageHeaders, sharedHeaders } from './http/security-headers.ts';
import type { Admission } from './instant/admission.ts';
import type { OutcomeWaiter } from './instant/outcome-waiter.ts';
import { platformRoutes } from './platform/routes.ts';
import { publishKeys } from './records/publish-keys.ts';
import { recordRoutes } from './records/routes.ts';
import { reviewRoutes } from './reviews/routes.ts';
import { chooseOnPage } from './sandbox/page.ts';
import { sandboxRoutes } from './sandbox/routes.ts';

export type ApiDeps = {
  db: Database;
  frameStore: FrameStore<Queryable>;
  keyRing: KeyRing;
  producer: Producer;
  egress: Egress;
  admission: Admission;
  outcomes: OutcomeWaiter;
  logger: Logger;
  mode: EgressMode;
  mayChallenge: boolean;
  defaultChallenge: Challenge;
  smartcomplyThreshold: number;
  failureLock: FailureLock;
  /** Of a browser, where it starts a capture. */
  browserLock: FailureLock;
  modelsDir: string;
  publicUrl: () => string;
  egressAddresses: readonly string[];
  readinessChecks: ReadinessChecks;
  /** Null: this deployment has no console. */
  console: Pick<ConsoleDeps, 'consoleDb' | 'traceUrl' | 'openBoard'> | null;
};

export async function createApp(deps: ApiDeps): Promise<Express> {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // A query parser that makes objects out of `token[a]=b` has no use here.
  app.set('query parser', 'simple');

  app.get('/livez', (_request, response) => void response.json({ live: true }));
  app.get(['/readyz', '/startupz'], async (_request, response) => {
    const state = await readiness(deps.readinessChecks);
    response.status(state.ready ? 200 : 503).json(state);
  });

  app.use(assignReference, requireProgress, logRequests(deps.logger));
  app.get('/.well-known/jwks.json', dataHeaders, publishKeys(deps));
  const detector = await findPageDetector(deps.modelsDir);
  app.use('/capture-assets', dataHeaders, captureAssets(detector));
  app.use('/brand', dataHeaders, brandRoutes(deps));
  app.use('/embed', sharedHeaders, await embedRoutes());
  app.use(descriptionRoutes(deps));
  app.use('/c/:secret', await captureRoutes(deps, detector?.url ?? null));
  app.use('/sandbox', dataHeaders, sandboxRoutes(deps.publicUrl));
  app.use('/liveness_check', dataHeaders, noStore, globaldataRoutes(deps));
  app.use(dataHeaders, noStore, oneShotRoutes(deps));
  if (deps.console) app.use('/console', consoleRoutes({ ...deps, ...deps.console }));
  app.use(platformRoutes(deps));
  app.use(recordRoutes(deps));
  app.use(reviewRoutes(deps));

  app.use(() => {
    throw new CodedError('not_found', 'There is nothing at this address.');
  });
  app.use(sendProblem);
  return app;
}

function globaldataRoutes(deps: ApiDeps): Router {
  const router = express.Router();
  const known = admit(deps.db, bearer);
  router
    .route('/')
    .post(known, readPersonReference, parseJson, createLivenessCheck(deps))
    .get(known, retrieveLivenessCheck(deps))
    .all(refuseMethod);
  router.use(sendGlobaldataError);
  return router;
}

/** The one-shot contracts: each has its addresses, its credentials, its way of parsing, its story and its error shape. */
function oneShotRoutes(deps: ApiDeps): Router {
  const router = express.Router();
  for (const { paths, credentials, parse, handle, sendError } of [
    {
      paths: ['/v2/face-recognition/liveness', '/v2/face-recognition/liveness-score'],
      credentials: bearer,
      parse: parseImageJson,
      handle: verifikLiveness(deps),
      sendError: sendVerifikError,
    },
    {
      paths: ['/v0.1/liveness-verification', '/v0.2/liveness-verification'],
      credentials: kairosCredentials,
      parse: parseSelfieForm,
      handle: kairosLivenessVerification(deps),
      sendError: sendKairosError,
    },
    {
      paths: ['/api/onboarding/biometrics/face/liveliness_check'],
      credentials: smartcomplyCredentials,
      parse: parseImageJson,
      handle: smartcomplyLivelinessCheck(deps),
      sendError: sendSmartcomplyError,
    },
  ]) {
    router.route(paths).post(admit(deps.db, credentials), readPersonReference, parse, handle).all(refuseMethod);
    router.use(paths, sendError);
  }
  return router;
}

async function captureRoutes(deps: ApiDeps, detectorUrl: string | null): Promise<Router> {
  const router = express.Router({ mergeParams: true });
  router.use(noStore, limitLinkRate(deps.mode), followLink(deps.db));
  router.get('/', pageHeaders, await capturePage(deps));
  router.post('/', pageHeaders, chooseOnPage(deps));
  router.use(dataHeaders);
  router.get('/status', captureStatus({ ...deps, detectorUrl }));
  router.post('/start', parseJson, startCaptureSession(deps));
  router.put('/frames/:seq', parseJpeg(MAX_FRAME_BYTES), receiveFrame(deps));
  router.post('/finish', parseJson, finishCapture(deps));
  router.post('/abandon', parseJson, abandonCapture(deps));
  router.post('/alternative', parseJson, declineTurning(deps));
  router.post('/handoff', parseJson, offerCaptureHandoff(deps));
  router.post('/handoff/take', parseJson, takeCaptureHandoff(deps));
  router.post('/handoff/take-back', parseJson, takeCaptureBack(deps));
  router.use(sendProblem);
  return router;
}
