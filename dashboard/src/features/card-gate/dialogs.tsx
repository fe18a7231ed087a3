import { type ReactNode, useState } from 'react';
import { useSend } from '../../api/index.ts';
import { ConfirmDialog, DateTime, TextField, toast } from '../../ui/index.ts';
import { type Attestation, gatePaths, sayScopes } from './data.ts';

type Props = { attestation: Attestation; onClose: () => void };

export function ApproveDialog({ attestation, onClose }: Props): ReactNode {
  const { id, scopes, valid_until, mode } = attestation;
  const approve = useSend({ path: `/v1/card_gate/attestations/${id}/approve`, refresh: gatePaths });
  const send = async () => {
    await approve.mutateAsync();
    toast('The card gate is open', 'It closes by itself when the attestation ends.');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Open the card gate of ${mode} mode?`}
      action="Open the gate"
      onConfirm={send}
    >
      <p>
        It lets through {sayScopes(scopes)}, until <DateTime value={valid_until} />.
      </p>
      <p>
        Look at the document itself: that it says what stands here, and that its SHA-256 is the one
        that stands here. You answer for it with your name.
      </p>
    </ConfirmDialog>
  );
}

export function RejectDialog({ attestation, onClose }: Props): ReactNode {
  const path = `/v1/card_gate/attestations/${attestation.id}/reject`;
  const reject = useSend({ path, refresh: gatePaths });
  const send = async () => {
    await reject.mutateAsync();
    toast('The request was rejected', 'The gate is as it was.');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Reject this request?"
      action="Reject it"
      onConfirm={send}
    >
      <p>The gate stays as it is. It can be asked for again.</p>
    </ConfirmDialog>
  );
}

export function CloseDialog({ mode, onClose }: { mode: string; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('');
  const close = useSend<unknown, { reason: string }>({
    path: '/v1/card_gate/close',
    refresh: gatePaths,
  });
  const send = async () => {
    await close.mutateAsync({ reason: reason.trim() });
    toast('The card gate is closed', 'Every vault refuses from now on.');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Close the card gate of ${mode} mode?`}
      action="Close the gate"
      onConfirm={send}
    >
      <p>
        What uses it is refused at once, and what waits for approval is withdrawn. To open it again,
        one person has to ask and another to approve.
      </p>
      <TextField
        name="reason"
        label="Reason"
        maxLength={500}
        autoComplete="off"
        required
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
    </ConfirmDialog>
  );
}
