/** On whose behalf a request works: from there on Postgres shows it, and lets it change, that client's rows only. */
import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<string>();

/** Does `work`, and all that it begins, for one client. Has its effect where the connection has a service's role. */
export function asClient<T>(clientId: string, work: () => T): T {
  return scope.run(clientId, work);
}

/** The client for whom is worked now, or null. */
export function currentClient(): string | null {
  return scope.getStore() ?? null;
}
