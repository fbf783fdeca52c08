/** Who may ask for checks. */
import { Dialog, DialogDismiss, DialogHeading, useDialogStore } from '@ariakit/react';
import type { ClientListAnswer, ClientMadeAnswer } from '@livegate/contracts/console/clients';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { ask } from '../api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Screen } from '../parts/screen.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { Badge } from '../parts/words.tsx';
import { useRight } from '../session.ts';

export function ClientsScreen() {
  const query = useQuery({ queryKey: ['clients'], queryFn: () => ask<ClientListAnswer>('/clients') });
  const mayAdd = useRight('admin');
  return (
    <Screen title="Clients & keys" aside={mayAdd ? <NewClient /> : undefined}>
      <Await query={query}>
        {({ clients }) =>
          clients.length === 0 ? <Empty title="There is no client yet." /> : <Clients clients={clients} />
        }
      </Await>
    </Screen>
  );
}

function Clients({ clients }: ClientListAnswer) {
  return (
    <DataTable
      label="Clients"
      rows={clients}
      keyOf={({ client }) => client}
      columns={[
        { name: 'Name', cell: ({ client, name }) => <Link to={`/clients/${client}`}>{name}</Link> },
        { name: 'Id', cell: ({ client }) => <code>{client}</code> },
        { name: 'State', cell: ({ state }) => <Badge tone={state === 'enabled' ? 'good' : 'calm'}>{state}</Badge> },
        { name: 'Usable keys', numeric: true, cell: ({ usableKeys }) => usableKeys },
        { name: 'Created', cell: ({ created }) => <span className="number">{created.slice(0, 19)}</span> },
      ]}
    />
  );
}

function NewClient() {
  const dialog = useDialogStore();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const adding = useMutation({
    mutationFn: (body: Record<string, unknown>) => ask<ClientMadeAnswer>('/clients', { method: 'POST', body }),
    onSuccess: async ({ client }) => {
      await queries.invalidateQueries({ queryKey: ['clients'] });
      navigate(`/clients/${client}`);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    adding.mutate(Object.fromEntries(new FormData(event.currentTarget)));
  };
  return (
    <>
      <button type="button" className="button primary" onClick={dialog.show}>
        New client
      </button>
      <Dialog store={dialog} className="dialog" backdrop={<div className="backdrop" />}>
        <DialogHeading className="dialog-title">New client</DialogHeading>
        <form onSubmit={submit}>
          <label className="field">
            Name
            <input name="name" required maxLength={80} autoComplete="off" />
          </label>
          {adding.isError && (
            <p className="form-error" role="alert">
              {adding.error.message}
            </p>
          )}
          <div className="dialog-foot">
            <DialogDismiss className="button">Cancel</DialogDismiss>
            <button type="submit" className="button primary" disabled={adding.isPending}>
              Create
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
