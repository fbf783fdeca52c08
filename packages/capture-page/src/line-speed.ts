/** The person's line, as far as their uploads tell. */
export type Line = {
  /** An upload took long, now or before: frames are to be small. It stays so, as small frames say nothing of large ones. */
  readonly isSlow: boolean;
  /** Does an upload and looks how long it takes. */
  timed<T>(upload: () => Promise<T>): Promise<T>;
};

// A frame of 150 KB at 2 Mbit/s; a head that is followed wants several frames a second.
const LONG_MS = 700;

export function watchLine(now: () => number): Line {
  const begun = new Set<{ at: number }>();
  let wasSlow = false;
  const line = {
    get isSlow() {
      // Those under way count, too: frames are taken meanwhile.
      wasSlow ||= [...begun].some(({ at }) => now() - at > LONG_MS);
      return wasSlow;
    },
    async timed<T>(upload: () => Promise<T>): Promise<T> {
      const own = { at: now() };
      begun.add(own);
      try {
        return await upload();
      } finally {
        wasSlow = line.isSlow;
        begun.delete(own);
      }
    },
  };
  return line;
}
