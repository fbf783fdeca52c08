/** A command that cannot be done as it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
