import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { ask, takeSession } from '../../api/index.ts';
import { TotpSetup } from '../../shared/totp-setup.tsx';
import { Badge, Button, Card, ConfirmDialog, DateTime, Dialog, toast } from '../../ui/index.ts';
import type { FactorCardProps } from './passkeys-card.tsx';

export function TotpCard({ factors, onChanged }: FactorCardProps): ReactNode {
  const { totp, allowed } = factors;
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState(false);
  const mayAdd = allowed.includes('totp');
  const finish = ({ session, recovery_codes: codes }: schemas.Enrolled) => {
    setAdding(false);
    takeSession(session);
    toast('The authenticator app was added');
    onChanged(codes);
  };
  const button =
    totp === null ? (
      mayAdd && <Button onClick={() => setAdding(true)}>Set up</Button>
    ) : (
      <Button look="danger-plain" onClick={() => setRemoving(true)}>
        Remove
      </Button>
    );
  return (
    <Card
      title="Authenticator app"
      text="An app that shows a new code every 30 seconds (TOTP)."
      actions={button}
    >
      {totp === null ? (
        <p className="quiet">
          {mayAdd ? 'Not set up.' : 'Your organization does not allow authenticator apps.'}
        </p>
      ) : (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Badge tone="ok" icon="check">
            Set up
          </Badge>
          <span className="quiet">
            Added <DateTime value={totp.created_at} look="day" />
            {totp.last_used_at !== null && (
              <>
                , last used <DateTime value={totp.last_used_at} look="ago" />
              </>
            )}
          </span>
        </p>
      )}
      <Dialog open={adding} onClose={() => setAdding(false)} title="Set up an authenticator app">
        <TotpSetup onDone={finish} />
      </Dialog>
      <ConfirmDialog
        open={removing}
        onClose={() => setRemoving(false)}
        title="Remove the authenticator app?"
        action="Remove the app"
        onConfirm={async () => {
          await ask('/v1/account/totp', { method: 'DELETE' });
          toast('The authenticator app was removed');
          onChanged();
        }}
      >
        <p>Its codes will no longer be taken. Your other sessions end.</p>
      </ConfirmDialog>
    </Card>
  );
}
