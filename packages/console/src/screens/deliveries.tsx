/** Everybody's deliveries; the dead are the dead letters. */
import type { DeliveryListAnswer } from '@livegate/contracts/console/deliveries';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { NavLink, useSearchParams } from 'react-router';
import { ask, queryOf } from '../api.ts';
import { DeliveriesTable } from '../parts/deliveries-table.tsx';
import { Pager } from '../parts/pager.tsx';
import { Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';

const KINDS = [
  { state: null, name: 'All' },
  { state: 'due', name: 'Due' },
  { state: 'delivered', name: 'Delivered' },
  { state: 'dead', name: 'Dead letters' },
] as const;

export function DeliveriesScreen() {
  const [search] = useSearchParams();
  const [state, cursor] = [search.get('state'), search.get('cursor')];
  const query = useQuery({
    queryKey: ['deliveries', state, cursor],
    queryFn: () => ask<DeliveryListAnswer>(`/deliveries${queryOf({ state, cursor })}`),
    placeholderData: keepPreviousData,
    refetchInterval: cursor ? false : 5_000,
  });
  return (
    <Screen title="Deliveries">
      <nav className="tabs" aria-label="Deliveries by state">
        {KINDS.map((kind) => (
          <NavLink
            key={kind.name}
            to={{ search: queryOf({ state: kind.state }) }}
            className={kind.state === state ? 'tab tab-on' : 'tab'}
            aria-current={kind.state === state ? 'page' : false}
          >
            {kind.name}
          </NavLink>
        ))}
      </nav>
      <Await query={query}>
        {({ deliveries, nextCursor }) =>
          deliveries.length === 0 ? (
            <Empty title={state === 'dead' ? 'No dead letters.' : 'No deliveries.'} />
          ) : (
            <>
              <DeliveriesTable deliveries={deliveries} />
              <Pager nextCursor={nextCursor} />
            </>
          )
        }
      </Await>
    </Screen>
  );
}
