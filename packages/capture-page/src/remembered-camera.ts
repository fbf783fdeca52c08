/** The camera that a person chose, kept in this browser for the next try. A browser that keeps nothing is no fault. */
const KEY = 'livegate-camera';

export function rememberCamera(deviceId: string): void {
  change((storage) => storage.setItem(KEY, deviceId));
}

export function forgetCamera(): void {
  change((storage) => storage.removeItem(KEY));
}

export function rememberedCamera(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function change(how: (storage: Storage) => void): void {
  try {
    how(localStorage);
  } catch {
    // Storage is blocked or full.
  }
}
