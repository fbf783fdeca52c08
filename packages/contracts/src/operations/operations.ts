/** THE table of operations. The description, the Postman collection and the check of every answer in a test run are made from it. */
import { captureOperations } from './capture.ts';
import { descriptionOperations } from './description.ts';
import { globaldataOperations } from './globaldata.ts';
import { healthOperations } from './health.ts';
import { kairosOperations } from './kairos.ts';
import type { Operation } from './operation.ts';
import { recordOperations } from './records.ts';
import { reviewOperations } from './reviews.ts';
import { sandboxOperations, withSandbox } from './sandbox.ts';
import { smartcomplyOperations } from './smartcomply.ts';
import { verifikOperations } from './verifik.ts';
import { webhookOperations } from './webhooks.ts';

export const OPERATIONS: readonly Operation[] = [
  ...[...globaldataOperations, ...verifikOperations, ...kairosOperations, ...smartcomplyOperations].map(withSandbox),
  ...captureOperations,
  ...sandboxOperations,
  ...webhookOperations,
  ...recordOperations,
  ...reviewOperations,
  ...healthOperations,
  ...descriptionOperations,
];
