import type { ReactNode } from 'react';
import { useSend } from '../../api/index.ts';
import { ConfirmDialog, toast } from '../../ui/index.ts';
import { type Destination, destinationsPath, sayFields } from './data.ts';

type Props = { destination: Destination; onClose: () => void };

/** A second person lets cards be sent there. */
export function ApproveDialog({ destination, onClose }: Props): ReactNode {
  const path = `${destinationsPath}/${destination.id}/approve`;
  const approve = useSend({ path, refresh: [destinationsPath] });
  const send = async () => {
    await approve.mutateAsync();
    toast(`${destination.name} is approved`, 'Cards of live mode may be sent there.');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Let cards be sent to ${destination.name}?`}
      action="Approve"
      onConfirm={send}
    >
      <p className="wrap-anywhere">{destination.url}</p>
      <ul className="list-disc pl-5 wrap-anywhere">
        {sayFields(destination.fields).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        Make sure that you know this company, that it may have card numbers, and that it expects
        each part at these places. You answer for it with your name.
      </p>
    </ConfirmDialog>
  );
}

export function RefuseDialog({ destination, onClose }: Props): ReactNode {
  const path = `${destinationsPath}/${destination.id}/refuse`;
  const refuse = useSend({ path, refresh: [destinationsPath] });
  const send = async () => {
    await refuse.mutateAsync();
    toast(`${destination.name} was refused`);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Refuse ${destination.name}?`}
      action="Refuse"
      onConfirm={send}
    >
      <p>No card is sent there. It can be named again.</p>
    </ConfirmDialog>
  );
}

export function RemoveDialog({ destination, onClose }: Props): ReactNode {
  const path = `${destinationsPath}/${destination.id}`;
  const remove = useSend({ path, method: 'DELETE', refresh: [destinationsPath] });
  const send = async () => {
    await remove.mutateAsync();
    toast(`${destination.name} was removed`, 'No card is sent there from now on.');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Remove ${destination.name}?`}
      action="Remove"
      onConfirm={send}
    >
      <p>Requests to it are refused at once. It cannot be brought back, only named anew.</p>
    </ConfirmDialog>
  );
}
