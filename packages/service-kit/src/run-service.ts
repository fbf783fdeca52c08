/**
 * The ladder every service climbs: settings, wiring, wait, stop. On SIGTERM or SIGINT it drains: stop taking work, finish
 * or release what is held, close in reverse order; then the loop empties and the process ends by itself.
 */
import { stopTelemetry } from '@livegate/telemetry/shutdown';
import type { ReadinessChecks } from './health-server.ts';
import { SettingsError } from './settings.ts';

export type RunningService = { readiness: ReadinessChecks; stop(): Promise<void> };

/** How long a stop may take; then the process exits with code 1. */
const STOP_LIMIT_MS = 25_000;

type Options = {
  process: NodeJS.Process;
  wire: (env: NodeJS.ProcessEnv) => Promise<RunningService>;
  /** More reasons to stop, besides signals: called with the function that stops. */
  watch?: (stop: (why: string) => void) => void;
};

/** Runs a service until it is told to stop. A failed start prints its reason and sets exit code 1. */
export async function runService({ process, wire, watch }: Options): Promise<void> {
  let service: RunningService | undefined;
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    const limit = setTimeout(() => {
      process.stderr.write(`livegate: stopping (${why}) took longer than ${STOP_LIMIT_MS / 1_000} s, leaving\n`);
      process.exit(1);
    }, STOP_LIMIT_MS);
    limit.unref();
    void Promise.resolve(service?.stop())
      .then(stopTelemetry)
      .finally(() => clearTimeout(limit));
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  watch?.(stop);
  try {
    service = await wire(process.env);
    if (stopping) await service.stop();
  } catch (error) {
    process.exitCode = 1;
    const text =
      error instanceof SettingsError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    process.stderr.write(`${text}\n`);
    await stopTelemetry();
    // A half-built service may hold handles; nothing was accepted yet, so leaving is safe.
    process.exit(1);
  }
}
