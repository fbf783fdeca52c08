/** Who is not signed in sees one screen; who is, the frame and the screen of the address. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Route, Routes } from 'react-router';
import { ApiError } from './api.ts';
import { Failure, Loading } from './parts/states.tsx';
import { CheckScreen } from './screens/check.tsx';
import { ChecksScreen } from './screens/checks.tsx';
import { ClientScreen } from './screens/client.tsx';
import { ClientsScreen } from './screens/clients.tsx';
import { DeliveriesScreen } from './screens/deliveries.tsx';
import { EventScreen } from './screens/event.tsx';
import { NothingScreen } from './screens/nothing.tsx';
import { OverviewScreen } from './screens/overview.tsx';
import { QueuesScreen } from './screens/queues.tsx';
import { ReviewScreen } from './screens/review.tsx';
import { ReviewsScreen } from './screens/reviews.tsx';
import { SignInScreen } from './screens/sign-in.tsx';
import { TryScreen } from './screens/try-it.tsx';
import { SESSION_KEY, SessionContext, useSessionQuery } from './session.ts';
import { Shell } from './shell.tsx';

export function App() {
  const session = useSessionQuery();
  useSignOutOnRefusal();
  if (session.isPending)
    return (
      <main className="lone">
        <Loading />
      </main>
    );
  if (session.isError)
    return (
      <main className="lone">
        <Failure error={session.error} onRetry={() => session.refetch()} />
      </main>
    );
  if (!session.data) return <SignInScreen />;
  return (
    <SessionContext value={session.data}>
      <Shell>
        <Routes>
          <Route index element={<OverviewScreen />} />
          <Route path="queues" element={<QueuesScreen />} />
          <Route path="checks" element={<ChecksScreen />} />
          <Route path="checks/:reference" element={<CheckScreen />} />
          <Route path="deliveries" element={<DeliveriesScreen />} />
          <Route path="events/:eventId" element={<EventScreen />} />
          <Route path="reviews" element={<ReviewsScreen />} />
          <Route path="reviews/:reviewId" element={<ReviewScreen />} />
          <Route path="clients" element={<ClientsScreen />} />
          <Route path="clients/:clientId" element={<ClientScreen />} />
          <Route path="try" element={<TryScreen />} />
          <Route path="*" element={<NothingScreen />} />
        </Routes>
      </Shell>
    </SessionContext>
  );
}

/** Any 401 means that the session is over: the sign-in screen comes, and what was seen is forgotten. */
function useSignOutOnRefusal() {
  const queries = useQueryClient();
  useEffect(() => {
    const over = (error: unknown) => {
      if (!(error instanceof ApiError) || error.status !== 401 || queries.getQueryData(SESSION_KEY) === null) return;
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
      queries.setQueryData(SESSION_KEY, null);
    };
    const stopQueries = queries.getQueryCache().subscribe(({ query }) => over(query.state.error));
    const stopMutations = queries.getMutationCache().subscribe(({ mutation }) => over(mutation?.state.error));
    return () => {
      stopQueries();
      stopMutations();
    };
  }, [queries]);
}
