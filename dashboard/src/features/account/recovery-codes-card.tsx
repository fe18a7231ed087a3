import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/index.ts';
import { Badge, Button, Card, ConfirmDialog, counted } from '../../ui/index.ts';

type Props = { left: number; onChanged: (codes?: readonly string[]) => void };

/** Fewer than this many are worth a warning. */
const few = 3;

export function RecoveryCodesCard({ left, onChanged }: Props): ReactNode {
  const [asking, setAsking] = useState(false);
  const make = async () => {
    const path = '/v1/account/recovery_codes';
    const { codes } = await ask<schemas.RecoveryCodes>(path, { method: 'POST', body: {} });
    onChanged(codes);
  };
  return (
    <Card
      title="Recovery codes"
      text="For when your other factors are lost. Each works once, together with your password."
      actions={<Button onClick={() => setAsking(true)}>Make new codes</Button>}
    >
      <Badge tone={left < few ? 'warn' : 'ok'} icon={left < few ? 'alert' : 'check'}>
        {left === 0 ? 'None left' : `${counted(left, 'code')} left`}
      </Badge>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Make new recovery codes?"
        action="Make new codes"
        danger={false}
        onConfirm={make}
      >
        <p>You get ten new ones. Those you have now stop working.</p>
      </ConfirmDialog>
    </Card>
  );
}
