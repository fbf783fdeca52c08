/** What a screen shows in place of what it has not: while it waits, when there is nothing, when something failed. */
import type { ReactNode } from 'react';
import { ApiError } from '../api.ts';

export function Loading() {
  return (
    <p className="state" role="status">
      <span className="spinner" aria-hidden="true" /> Loading…
    </p>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children}
    </div>
  );
}

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <div className="state state-bad" role="alert">
      <p className="state-title">{error.message}</p>
      {error instanceof ApiError && error.reference && (
        <p className="quiet">
          Reference <code>{error.reference}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

type Asked<Data> = {
  isPending: boolean;
  isError: boolean;
  error: Error | null;
  data: Data | undefined;
  refetch: () => unknown;
};

/** One of the three until the data is there; data that grew old stays, with a word about it. */
export function Await<Data>({ query, children }: { query: Asked<Data>; children: (data: Data) => ReactNode }) {
  if (query.data !== undefined)
    return (
      <>
        {query.isError && (
          <p className="stale" role="status">
            This is no longer up to date: {query.error?.message}
          </p>
        )}
        {children(query.data)}
      </>
    );
  if (query.isError && query.error) return <Failure error={query.error} onRetry={() => query.refetch()} />;
  return <Loading />;
}
