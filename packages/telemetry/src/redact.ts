/** What a log line may never show: the second line behind not logging it. Paths as pino understands them. */
export const REDACTED_PATHS = ['authorization', 'apiKey', 'secret', 'token', 'image', 'headers', 'body', 'url'].flatMap(
  (key) => [key, `*.${key}`],
);

/** Takes capture secrets and query strings out of a request path. */
export function scrubPath(path: string): string {
  return path.replace(/\?.*$/, '').replace(/^\/c\/[^/]+/, '/c/:secret');
}
