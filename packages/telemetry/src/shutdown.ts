/** Lets a service flush telemetry at its end without loading the SDK where telemetry is off. */
let flush: (() => Promise<unknown>) | undefined;

/** Names what flushes and stops the SDK. */
export function onTelemetryStop(stop: () => Promise<unknown>): void {
  flush = stop;
}

/** Flushes and stops the SDK, if it runs. Waits 3 s at most: a collector that is away must not hold a stop up. */
export async function stopTelemetry(): Promise<void> {
  const stop = flush;
  flush = undefined;
  if (!stop) return;
  const limit = new Promise((resolve) => setTimeout(resolve, 3_000).unref());
  await Promise.race([stop().catch(() => undefined), limit]);
}
