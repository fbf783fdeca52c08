/** Carries a trace through rows: the outbox and delivery rows hold a `traceparent` (W3C Trace Context). */
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';

/** The current span as a `traceparent`, or null when nothing is being traced. */
export function currentTraceparent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

/** Runs `work` as a child of the span that `traceparent` names; without one, as it is. */
export function withTraceparent<T>(traceparent: string | null, work: () => T): T {
  if (!traceparent) return work();
  return context.with(propagation.extract(ROOT_CONTEXT, { traceparent }), work);
}
