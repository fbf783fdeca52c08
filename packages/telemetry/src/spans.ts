/** Our own spans: one per unit of work that no library traces. Attributes are low in cardinality or ids, never personal. */
import { type Attributes, type SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('livegate');

/** Runs `work` in a span. A failure marks the span with the error's name only: messages may quote input. */
export async function inSpan<T>(
  { name, kind, attributes }: { name: string; kind?: SpanKind; attributes?: Attributes },
  work: () => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(
    name,
    { ...(kind === undefined ? {} : { kind }), attributes: attributes ?? {} },
    async (span) => {
      try {
        return await work();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
        throw error;
      } finally {
        span.end();
      }
    },
  );
}
