/** A one-shot check of the sandbox: recorded as any other, scored by nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import { webhookBody } from '@livegate/contracts/webhook-event';
import type { Database } from '@livegate/db/database';
import { finishCheck } from '@livegate/db/finish-check';
import { getInstantOutcome, insertInstantCheck } from '@livegate/db/instant-checks';
import type { ReasonCode } from '@livegate/domain/reasons';
import {
  DEFAULT_SCENARIO,
  findScenario,
  playVerdict,
  SANDBOX_IMAGE,
  SandboxError,
  SCENARIOS,
  type Scenario,
  sandboxFaces,
} from '@livegate/domain/sandbox';
import { decideVerdict, type Verdict } from '@livegate/domain/verdict';
import { currentTraceparent } from '@livegate/telemetry/trace-context';
import type { ImageVerdict, ImageWish } from '../instant/image-verdict.ts';
import { scenarioOfImage } from './scenario-images.ts';

type Play = ImageWish & { id: string };

/** The header's scenario, the image's own, or the default. */
function scenarioFor({ scenario, image }: Pick<ImageWish, 'scenario' | 'image'>): string {
  return scenario ?? scenarioOfImage(image) ?? DEFAULT_SCENARIO;
}

/** Plays the wish's scenario. Throws the error that the scenario is, if it is one. */
export async function playImage(db: Database, wish: Play, gone: AbortSignal): Promise<Omit<ImageVerdict, 'reference'>> {
  const scenario = scenarioFor(wish);
  const effect = (findScenario(scenario) ?? (SCENARIOS[DEFAULT_SCENARIO] as Scenario)).instant;
  if (effect.effect === 'refuse') throw new SandboxError(effect.code);
  if (effect.effect === 'verdict' && effect.afterSeconds) {
    await pause(effect.afterSeconds * 1_000, undefined, { signal: gone }).catch(() => undefined);
  }
  const reason: ReasonCode | null = effect.effect === 'not_evaluated' ? effect.reason : null;
  const played =
    effect.effect === 'verdict'
      ? playVerdict(wish.contract, { score: effect.score, threshold: wish.threshold })
      : {
          verdict: decideVerdict(wish.contract, { score: null, reasons: [effect.reason] }, wish.threshold),
          score: null,
        };
  await record(db, { ...wish, scenario }, played);
  const { createdAt, finishedAt } = await getInstantOutcome(db, wish.id);
  const { passed, confidence, reasons } = played.verdict;
  return {
    passed,
    confidence,
    reasons,
    riskSignals: [],
    needsReview: false,
    width: SANDBOX_IMAGE.width,
    height: SANDBOX_IMAGE.height,
    faces: sandboxFaces(reason),
    requestedAt: createdAt,
    processedAt: finishedAt as Date,
    receipt: null,
    scenario,
  };
}

type Played = { verdict: Verdict; score: number | null };

function record(db: Database, { id, reference, caller, ...wish }: Play, { verdict, score }: Played): Promise<void> {
  return db.transaction(async (tx) => {
    await insertInstantCheck(tx, {
      id,
      clientId: caller.clientId,
      reference,
      contract: wish.contract,
      threshold: wish.threshold,
      dataKey: null,
      deadlineSeconds: 1,
      collectionId: wish.collectionId ?? null,
      captureOs: wish.captureOs ?? null,
      traceparent: currentTraceparent(),
      scenario: wish.scenario,
    });
    const ending = { event: 'verdict', verdict, score, boundingBox: null, keptDataKey: null } as const;
    await finishCheck(tx, { checkId: id, ending, buildBody: webhookBody });
  });
}
