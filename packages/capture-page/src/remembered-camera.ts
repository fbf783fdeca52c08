/** The camera that a person chose, kept in this browser for the next try. A browser that keeps nothing is no fault. */
const KEY = 'livegate-camera';

export function rememberCamera(deviceId: string): void {
  try {
    localStorage.setItem(KEY, deviceId);
  } catch {
    // Storage is blocked or full.
  }
}

export function rememberedCamera(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
