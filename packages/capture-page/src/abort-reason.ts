/** Aborting for a reason. Signals carry one themselves since Safari 15.4 and Chrome 100; the page is built for older ones, too. */
const reasons = new WeakMap<AbortSignal, unknown>();

/** Aborts for this reason; of several the first counts. */
export function abortFor(controller: AbortController, reason: unknown): void {
  if (controller.signal.aborted) return;
  reasons.set(controller.signal, reason);
  controller.abort();
}

/** Why the signal was aborted. */
export function reasonOf(signal: AbortSignal): unknown {
  return reasons.get(signal);
}

/** Throws the reason once there is one. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw reasonOf(signal);
}
