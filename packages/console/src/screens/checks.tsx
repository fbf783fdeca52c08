/** Checks: one by its name, or many by state and time. What is asked for is the address, so it can be sent to somebody. */
import type { CheckListAnswer, CheckRow } from '@livegate/contracts/console/checks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ask, queryOf } from '../api.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Pager } from '../parts/pager.tsx';
import { Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { Badge, CheckState, Time } from '../parts/words.tsx';

const STATES = ['pending', 'in_progress', 'complete', 'failed', 'expired'] as const;

export function ChecksScreen() {
  const [search] = useSearchParams();
  const asked = Object.fromEntries(search);
  const query = useQuery({
    queryKey: ['checks', asked],
    queryFn: () =>
      ask<CheckListAnswer>(`/checks${queryOf({ ...asked, since: utcOf(asked.since), until: utcOf(asked.until) })}`),
    placeholderData: keepPreviousData,
    // The first page of a list that has no end grows while one looks.
    refetchInterval: asked.cursor || asked.text ? false : 5_000,
  });
  return (
    <Screen title="Checks">
      <Filters key={search.toString()} />
      <Await query={query}>
        {({ checks, nextCursor }) =>
          checks.length === 0 ? (
            <Empty title="No check is like that.">
              {asked.text ? <p>Was it another deployment, or is it erased?</p> : null}
            </Empty>
          ) : (
            <>
              <DataTable label="Checks" rows={checks} keyOf={({ id }) => id} columns={COLUMNS} />
              <Pager nextCursor={nextCursor} />
            </>
          )
        }
      </Await>
    </Screen>
  );
}

const COLUMNS: readonly Column<CheckRow>[] = [
  {
    name: 'Reference',
    cell: ({ reference }) => (
      <Link to={`/checks/${reference}`}>
        <code>{reference}</code>
      </Link>
    ),
  },
  { name: 'Outcome', cell: (check) => <CheckState {...check} /> },
  { name: 'Confidence', numeric: true, cell: ({ confidence }) => confidence ?? <span className="quiet">–</span> },
  {
    name: 'Why',
    cell: ({ reasons, failureReason }) => (
      <span className="why">
        {[...reasons, failureReason].filter(Boolean).join(', ') || <span className="quiet">–</span>}
      </span>
    ),
  },
  { name: 'Client', cell: ({ clientId, clientName }) => <Link to={`/clients/${clientId}`}>{clientName}</Link> },
  {
    name: 'Contract',
    cell: ({ contract, kind, sandbox }) => (
      <>
        {contract} <span className="quiet">{kind}</span> {sandbox ? <Badge tone="calm">sandbox</Badge> : null}
      </>
    ),
  },
  { name: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
];

function Filters() {
  const [search, setSearch] = useSearchParams();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget)].filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    );
    // A name is exact: nothing else narrows it.
    setSearch(
      new URLSearchParams(given.some(([name]) => name === 'text') ? given.filter(([name]) => name === 'text') : given),
    );
  };
  const value = (name: string) => search.get(name) ?? '';
  return (
    <form className="filters" onSubmit={submit} aria-label="Search for checks">
      <label className="field grow">
        Reference, token or check id
        <input name="text" type="search" defaultValue={value('text')} maxLength={80} spellCheck={false} />
      </label>
      <label className="field">
        State
        <select name="state" defaultValue={value('state')}>
          <option value="">any</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {state.replace('_', ' ')}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        From
        <input name="since" type="datetime-local" defaultValue={value('since')} />
      </label>
      <label className="field">
        Until
        <input name="until" type="datetime-local" defaultValue={value('until')} />
      </label>
      {search.get('client') && <input type="hidden" name="client" value={value('client')} />}
      <button type="submit" className="button primary">
        Search
      </button>
      {search.size > 0 && (
        <button type="button" className="button" onClick={() => setSearch({})}>
          Clear
        </button>
      )}
    </form>
  );
}

/** What a datetime field says is in the browser's own zone. */
function utcOf(local: string | undefined): string | null {
  const date = new Date(local ?? '');
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
