/** Smartcomply's wire shapes (vendor document 004, made exact in the wire contract). */
import { z } from 'zod';

/** `POST /api/onboarding/biometrics/face/liveliness_check/`. Unknown keys are ignored. */
export const smartcomplyRequest = z
  .object({
    image: z.string().min(1).meta({
      description:
        'JPEG, PNG or WebP of at most 10 MB and 25 million pixels: an https URL at a public address, base64, or a data URI.',
    }),
  })
  .meta({ id: 'SmartcomplyRequest' });
export type SmartcomplyRequest = z.infer<typeof smartcomplyRequest>;

/** The parts of a verdict that go together: a client that tests only one of them must never accept an attack. */
const verdictParts = <Passed extends boolean>(passed: Passed) =>
  z.object({
    status: z.literal('success'),
    data: z.object({
      status: z.literal(passed),
      detail: z.literal(passed ? 'Liveliness Detected' : 'Liveliness Not Detected'),
      response_code: z.literal(passed ? '00' : '01'),
      confidence: z
        .number()
        .min(0)
        .max(1)
        .meta({ description: 'The score, unrounded; 0 when no one face could be scored.' }),
      confidence_in_percentage: z.number().min(0).max(100),
      verification: z.object({ status: z.literal(passed ? 'VERIFIED' : 'FAILED'), reference: z.uuidv4() }),
      widget_info: z.strictObject({}),
      session: z.strictObject({}),
    }),
    message: z.literal(passed ? 'Face Liveliness successful' : 'Face Liveliness failed'),
  });

export const smartcomplyVerdict = z.union([verdictParts(true), verdictParts(false)]).meta({ id: 'SmartcomplyVerdict' });
export type SmartcomplyVerdict = z.infer<typeof smartcomplyVerdict>;

export const smartcomplyError = z
  .object({ status: z.literal('failed'), data: z.array(z.never()).max(0), message: z.string() })
  .meta({ id: 'SmartcomplyError' });
export type SmartcomplyError = z.infer<typeof smartcomplyError>;

/** On 401 there is no `data` at all. */
export const smartcomplyUnauthorized = smartcomplyError.omit({ data: true }).meta({ id: 'SmartcomplyUnauthorized' });
export type SmartcomplyUnauthorized = z.infer<typeof smartcomplyUnauthorized>;
