/** JSON log lines, one wide line per unit of work, with the trace they belong to. */
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { REDACTED_PATHS } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
type Fields = Record<string, string | number | boolean | null | undefined | readonly string[] | Error>;

export type Logger = {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
};

/** Writes to standard error (or `fd`), so that a program's own output stays clean. */
export function createLogger({ service, level, fd = 2 }: { service: string; level: LogLevel; fd?: number }): Logger {
  const sink = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      mixin: traceFields,
    },
    pino.destination({ fd, sync: true }),
  );
  const write =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Fields = {}) =>
      sink[name](fields, event);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  return { name: error.name, code, message: error.message, stack: error.stack, cause: describeError(error.cause) };
}
