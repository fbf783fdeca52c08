/** `GET /meta`: what a receiver's operator has to know, without a key. */
import { z } from 'zod';

export const metaResponse = z.object({
  product: z.string(),
  version: z.string(),
  /** Addresses and networks from which webhooks are sent and images fetched; empty when the operator has not said. */
  egress_addresses: z.array(z.string()),
  webhooks: z.object({
    /** Seconds from the event, or the attempt before, to each attempt; moved by up to a fifth at random. */
    retry_delays_seconds: z.array(z.number().int().nonnegative()),
    attempts: z.number().int().positive(),
    deadline_seconds: z.number().int().positive(),
    replay_window_days: z.number().int().positive(),
    signature_headers: z.array(z.string()),
  }),
});
export type MetaResponse = z.infer<typeof metaResponse>;
