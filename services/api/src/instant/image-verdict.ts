/** What a one-shot contract asks about an image, and what it is told. */
import type { ReasonCode } from '@livegate/domain/reasons';
import type { RiskSignal } from '@livegate/domain/risk-signals';
import type { ContractName } from '@livegate/domain/thresholds';
import type { DetectedFace } from '@livegate/domain/verdict';
import type { Caller } from '../http/authenticate.ts';

export type ImageWish = {
  /** The check's from now on: that of the answer, so that an error can be followed to its check, too. */
  reference: string;
  caller: Caller;
  /** What a test key asks the sandbox to play; null: the image decides. */
  scenario: string | null;
  contract: ContractName;
  image: Buffer;
  threshold: number;
  collectionId?: string | null;
  captureOs?: string | null;
};

export type ImageVerdict = {
  reference: string;
  passed: boolean;
  confidence: number;
  reasons: ReasonCode[];
  /** Evidence that the image came from no camera of now. */
  riskSignals: RiskSignal[];
  /** The client wants a person to look at such checks. */
  needsReview: boolean;
  /** Pixels of the image after orientation, and every face found in it. */
  width: number;
  height: number;
  faces: DetectedFace[];
  requestedAt: Date;
  processedAt: Date;
  /** The signed decision receipt; null in the sandbox. */
  receipt: string | null;
  /** What the sandbox played; null for a real check. */
  scenario: string | null;
};
