/** Waits for a condition, not for a time: tries until `probe` neither throws nor returns false, then returns its value. */
export async function eventually<T>(probe: () => Promise<T> | T, { withinMs = 15_000 } = {}): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    try {
      const value = await probe();
      if (value !== false) return value;
      if (performance.now() > giveUpAt) throw new Error(`still false after ${withinMs} ms`);
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
