/** What was opened, closed in reverse order: the last part opened depends on the ones before it. */
export type StopList = {
  /** Notes how to close a part. */
  add(name: string, close: () => Promise<unknown> | unknown): void;
  /** Closes everything once; a part that fails to close is reported and does not keep the others open. */
  stop(): Promise<void>;
};

export function createStopList(onError: (name: string, error: Error) => void): StopList {
  const parts: { name: string; close: () => Promise<unknown> | unknown }[] = [];
  let stopping: Promise<void> | undefined;
  const closeAll = async () => {
    for (const { name, close } of parts.reverse()) {
      try {
        await close();
      } catch (error) {
        onError(name, error as Error);
      }
    }
  };
  return {
    add: (name, close) => {
      parts.push({ name, close });
    },
    stop: () => {
      stopping ??= closeAll();
      return stopping;
    },
  };
}

/** Opens parts; when one fails to open, those before it are closed again and the failure goes on. */
export async function closeOnFailure<T>(stops: StopList, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await stops.stop();
    throw error;
  }
}
