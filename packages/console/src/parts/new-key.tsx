/** A new key of a client. Its text is shown once, and forgotten by the page when the dialog closes. */
import { Dialog, DialogDismiss, DialogHeading, useDialogStore, useStoreState } from '@ariakit/react';
import type { KeyMadeAnswer } from '@livegate/contracts/console/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect } from 'react';
import { ask } from '../api.ts';
import { Id } from './words.tsx';

export function NewKey({ clientId }: { clientId: string }) {
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: (body: unknown) =>
      ask<KeyMadeAnswer>(`/clients/${encodeURIComponent(clientId)}/keys`, { method: 'POST', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys', clientId] }),
    // Not for a moment longer than the dialog shows it.
    gcTime: 0,
  });
  const dialog = useDialogStore();
  const isOpen = useStoreState(dialog, 'open');
  const { reset } = making;
  useEffect(() => {
    if (!isOpen) reset();
  }, [isOpen, reset]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    making.mutate({ mode: form.get('mode'), expiresInDays: days > 0 ? days : null });
  };
  return (
    <>
      <button type="button" className="button primary small" onClick={dialog.show}>
        New key
      </button>
      <Dialog
        store={dialog}
        className="dialog"
        backdrop={<div className="backdrop" />}
        unmountOnHide
        hideOnInteractOutside={!making.data}
      >
        <DialogHeading className="dialog-title">{making.data ? 'The new key' : 'New key'}</DialogHeading>
        {making.data ? (
          <>
            <p>This is the only time that it is shown. Keep it where secrets are kept.</p>
            <p className="secret">
              <Id text={making.data.secret} />
            </p>
            <div className="dialog-foot">
              <DialogDismiss className="button primary">I have it</DialogDismiss>
            </div>
          </>
        ) : (
          <form onSubmit={submit}>
            <label className="field">
              Mode
              <select name="mode">
                <option value="live">live</option>
                <option value="test">test: the sandbox only</option>
              </select>
            </label>
            <label className="field">
              Expires after days (empty: never)
              <input name="days" type="number" min={1} max={3650} />
            </label>
            {making.isError && (
              <p className="form-error" role="alert">
                {making.error.message}
              </p>
            )}
            <div className="dialog-foot">
              <DialogDismiss className="button">Cancel</DialogDismiss>
              <button type="submit" className="button primary" disabled={making.isPending}>
                Create
              </button>
            </div>
          </form>
        )}
      </Dialog>
    </>
  );
}
