/** What every refusal of each contract looks like, whatever was wrong. */
import { errorResponse } from '@livegate/contracts/globaldata';
import { z } from 'zod';

const text = z.string().min(1).max(500);

export type Facade = 'globaldata' | 'verifik' | 'kairos' | 'smartcomply';

export const ERROR_SHAPES: Record<Facade, z.ZodType> = {
  globaldata: errorResponse.strict(),
  verifik: z.strictObject({ message: text, code: z.enum(['MissingParameter', 'ERROR', 'UNAUTHORIZED', 'FORBIDDEN']) }),
  kairos: z.strictObject({ error: z.strictObject({ code: text, message: text }), api_req_uid: z.uuidv4() }),
  smartcomply: z.strictObject({ status: z.literal('failed'), data: z.tuple([]), message: text }),
};

/** The statuses by which each contract says that a body was wrong. */
export const BODY_FAULTS: Record<Facade, number[]> = {
  globaldata: [400, 413],
  verifik: [409, 412, 413],
  kairos: [400, 413],
  smartcomply: [400, 413],
};
