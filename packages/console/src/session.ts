/** Who is signed in. */
import type { SessionAnswer } from '@livegate/contracts/console/session';
import { hasRight, type Right } from '@livegate/domain/operator-roles';
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { ApiError, ask } from './api.ts';

export const SESSION_KEY = ['session'];

/** Null when nobody is. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async () => {
      try {
        return await ask<SessionAnswer>('/session');
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    refetchInterval: 60_000,
  });
}

export const SessionContext = createContext<SessionAnswer | null>(null);

/** The session, on a screen that only who is signed in can see. */
export function useSession(): SessionAnswer {
  const session = useContext(SessionContext);
  if (!session) throw new Error('nobody is signed in');
  return session;
}

export function useRight(right: Right): boolean {
  return hasRight(useSession(), right);
}
