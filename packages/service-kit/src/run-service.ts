/**
 * The ladder every service climbs: settings, wiring, wait, stop. On SIGTERM or SIGINT it drains: stop taking work, finish
 * or release what is held, close in reverse order; then the loop empties and the process ends by itself.
 */
import { stopTelemetry } from '@livegate/telemetry/shutdown';
import type { ReadinessChecks } from './health-server.ts';
import { SettingsError } from './settings.ts';

export type RunningService = {
  readiness: ReadinessChecks;
  /** What ends the service from inside: something that it cannot be without is gone for good. */
  broken?: Promise<Error>;
  stop(): Promise<void>;
};

/** How long a stop may take; then the process exits with code 1. */
const STOP_LIMIT_MS = 25_000;

type Options = {
  process: NodeJS.Process;
  /** Builds and starts the service; `stopping` fires when it is told to stop meanwhile. */
  wire: (env: NodeJS.ProcessEnv, stopping: AbortSignal) => Promise<RunningService>;
  /** More reasons to stop, besides signals: called with the function that stops. */
  watch?: (stop: (why: string) => void) => void;
};

/** Runs a service until it is told to stop. A failed start prints its reason and exits with code 1. */
export async function runService({ process, wire, watch }: Options): Promise<void> {
  const stopping = new AbortController();
  const told = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  const stop = (why: string) => {
    if (stopping.signal.aborted) return;
    stopping.abort(new Error(why));
    const limit = setTimeout(() => {
      process.stderr.write(`livegate: stopping (${why}) took longer than ${STOP_LIMIT_MS / 1_000} s, leaving\n`);
      process.exit(1);
    }, STOP_LIMIT_MS);
    limit.unref();
  };
  // `on`, not `once`: a terminal signals the whole group and npm passes the signal on, so one Ctrl-C arrives twice.
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  watch?.(stop);
  try {
    const service = await wire(process.env, stopping.signal);
    const fault = await Promise.race([told, ...(service.broken ? [service.broken] : [])]);
    if (fault) {
      process.stderr.write(`livegate: ${fault.message}\n`);
      process.exitCode = 1;
      stop('broken');
    }
    await service.stop();
    await stopTelemetry();
  } catch (error) {
    await stopTelemetry();
    // Told to stop while it was starting: what it was in the middle of is no fault.
    if (!stopping.signal.aborted) {
      process.stderr.write(`${describe(error)}\n`);
      process.exitCode = 1;
    }
    // A half-built service may hold handles; nothing was accepted yet, so leaving is safe.
    process.exit();
  }
}

function describe(error: unknown): string {
  if (error instanceof SettingsError) return `livegate: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
