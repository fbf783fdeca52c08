/** A question before an act that cannot be taken back, with what went wrong if it did. */
import { Dialog, DialogDismiss, DialogHeading, useDialogStore } from '@ariakit/react';
import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from './states.tsx';

type Props = {
  label: string;
  title: string;
  action: string;
  danger?: boolean;
  act: () => Promise<unknown>;
  onDone?: () => void;
  children: ReactNode;
};

export function Confirm({ label, title, action, danger = false, act, onDone, children }: Props) {
  const dialog = useDialogStore();
  const doing: UseMutationResult<unknown, Error, void> = useMutation({
    mutationFn: act,
    onSuccess: () => {
      dialog.hide();
      onDone?.();
    },
  });
  const open = () => {
    doing.reset();
    dialog.show();
  };
  return (
    <>
      <button type="button" className={`button small${danger ? ' danger' : ''}`} onClick={open}>
        {label}
      </button>
      <Dialog store={dialog} className="dialog" backdrop={<div className="backdrop" />}>
        <DialogHeading className="dialog-title">{title}</DialogHeading>
        {children}
        {doing.isError && <Failure error={doing.error} />}
        <div className="dialog-foot">
          <DialogDismiss className="button">Cancel</DialogDismiss>
          <button
            type="button"
            className={`button ${danger ? 'danger' : 'primary'}`}
            disabled={doing.isPending}
            onClick={() => doing.mutate()}
          >
            {action}
          </button>
        </div>
      </Dialog>
    </>
  );
}
