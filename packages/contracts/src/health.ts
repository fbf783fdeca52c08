/** What the health routes say. */
import { z } from 'zod';

export const liveness = z.object({ live: z.literal(true) }).meta({ id: 'ProcessLiveness' });

export const readinessState = z
  .object({
    ready: z.boolean(),
    checks: z.record(z.string(), z.enum(['ok', 'failing'])).meta({ description: 'Each part that is needed, by name.' }),
  })
  .meta({ id: 'Readiness' });
