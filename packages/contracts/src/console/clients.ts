/** The console's clients and keys. A key's text is in one answer only: the one that made it. */
import { z } from 'zod';

export const clientListAnswer = z.strictObject({
  clients: z.array(
    z.strictObject({
      client: z.string(),
      name: z.string(),
      state: z.string(),
      created: z.string(),
      usableKeys: z.number().int(),
    }),
  ),
});
export type ClientListAnswer = z.infer<typeof clientListAnswer>;

export const createClientRequest = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'is missing')
    .max(80, 'is too long')
    .refine((name) => name !== 'default', 'is taken'),
});
export const clientMadeAnswer = z.strictObject({ client: z.string() });
export type ClientMadeAnswer = z.infer<typeof clientMadeAnswer>;

export const keyListAnswer = z.strictObject({
  keys: z.array(
    z.strictObject({
      key: z.string(),
      mode: z.enum(['live', 'test']),
      state: z.string(),
      created: z.string(),
      lastUsed: z.string().nullable(),
    }),
  ),
});
export type KeyListAnswer = z.infer<typeof keyListAnswer>;

export const createKeyRequest = z.strictObject({
  mode: z.enum(['live', 'test']),
  expiresInDays: z.number().int().min(1).max(3_650).nullable(),
});
export const keyMadeAnswer = z.strictObject({ key: z.string(), secret: z.string() });
export type KeyMadeAnswer = z.infer<typeof keyMadeAnswer>;
