import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useCan, useRead, useSend } from '../../api/index.ts';
import { now } from '../../clock.ts';
import {
  Checkbox,
  ConfirmDialog,
  DateTime,
  SelectField,
  TextField,
  toast,
} from '../../ui/index.ts';
import { type Changed, type KeyEntry, keyPaths } from './data.ts';
import { sayPropagation } from './propagation.tsx';

export type DialogProps = { apiKey: KeyEntry; onClose: () => void };

/** Sends an act on a key, and says how far it has come. */
function useAct<Body = void>(apiKey: KeyEntry, act: string, said: string) {
  const send = useSend<Changed, Body>({
    path: `/v1/api_keys/${apiKey.id}/${act}`,
    refresh: keyPaths,
  });
  return async (body: Body) => {
    const { propagation } = await send.mutateAsync(body);
    toast(said, sayPropagation(propagation));
  };
}

export function DisableDialog({ apiKey, onClose }: DialogProps): ReactNode {
  const [reason, setReason] = useState('');
  const disable = useAct<Pick<schemas.RevokeApiKey, 'reason'>>(
    apiKey,
    'disable',
    `${apiKey.name} is disabled`,
  );
  const text = reason.trim();
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Disable ${apiKey.name}?`}
      action="Disable the key"
      onConfirm={() => disable(text === '' ? {} : { reason: text })}
    >
      <p>Whatever uses it is refused at once. You can enable it again, with all it has now.</p>
      <StillUsed apiKey={apiKey} />
      <TextField
        name="reason"
        label={
          <>
            Reason <small>(optional)</small>
          </>
        }
        maxLength={200}
        autoComplete="off"
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
    </ConfirmDialog>
  );
}

export function EnableDialog({ apiKey, onClose }: DialogProps): ReactNode {
  const enable = useAct(apiKey, 'enable', `${apiKey.name} is enabled`);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Enable ${apiKey.name}?`}
      action="Enable the key"
      danger={false}
      onConfirm={() => enable()}
    >
      <p>It works again at once, for whoever has it, with all it had before.</p>
      {apiKey.exposed_at !== null && (
        <p>It was seen where no secret may be: make a new key rather than enable this one.</p>
      )}
    </ConfirmDialog>
  );
}

const other = 'other';
const unneeded = 'No longer needed';
const leaked = 'It has leaked';
const reasons = [
  { value: unneeded, label: unneeded },
  { value: leaked, label: 'It has leaked, or may have' },
  { value: 'Replaced by another key', label: 'Replaced by another key' },
  { value: 'Whoever had it has left', label: 'Whoever had it has left' },
  { value: other, label: 'Another reason' },
];
const recentMs = 86_400_000;

const wasUsed = ({ last_used_at: at }: KeyEntry) =>
  at !== null && now() - Date.parse(at) < recentMs;

/**
 * Whether the key made its successor itself, as the audit log says to those who may read it: then
 * whoever found the key may have made it, and holds it.
 */
function useRolledItself({ id, successor }: KeyEntry, asked: boolean): boolean {
  const enabled = useCan()('audit_log:read') && asked && successor !== null;
  const query = { actor: id, object_id: id, action: 'api_key.rotate', limit: 1 };
  const { data } = useRead<{ data: unknown[] }>('/v1/audit_log', { query, enabled });
  return data !== undefined && data.data.length > 0;
}

/** What is still in use is asked for by name: whatever uses it stops. */
export function RevokeDialog({ apiKey, onClose }: DialogProps): ReactNode {
  const exposed = apiKey.exposed_at !== null;
  const [chosen, setChosen] = useState(exposed ? leaked : unneeded);
  const [typed, setTyped] = useState('');
  const rolled = useRolledItself(apiKey, exposed);
  const [wanted, setWanted] = useState<boolean>();
  const chain = wanted ?? rolled;
  const revoke = useAct<schemas.RevokeApiKey>(apiKey, 'revoke', `${apiKey.name} is revoked`);
  const reason = chosen === other ? typed.trim() : chosen;
  const body = {
    ...(reason === '' ? {} : { reason }),
    ...(chain ? { successors: true } : {}),
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Revoke ${apiKey.name}?`}
      action="Revoke the key"
      {...(wasUsed(apiKey) ? { typed: apiKey.name } : {})}
      onConfirm={() => revoke(body)}
    >
      <p>Whatever uses it is refused at once. It can never be used again; its record stays.</p>
      <StillUsed apiKey={apiKey} />
      <SelectField
        label="Reason"
        options={reasons}
        value={chosen}
        onChange={({ target }) => setChosen(target.value)}
      />
      {chosen === other && (
        <TextField
          name="reason"
          label="In your words"
          maxLength={200}
          autoComplete="off"
          required
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      )}
      {apiKey.successor !== null && (
        <Checkbox
          label="Revoke the keys that replaced it, too"
          hint={
            rolled
              ? 'This key replaced itself, and was exposed: whoever found it may have the new one.'
              : 'Where this one has leaked because of its program, the new one may have as well.'
          }
          checked={chain}
          onChange={({ target }) => setWanted(target.checked)}
        />
      )}
    </ConfirmDialog>
  );
}

export function FinishDialog({ apiKey, onClose }: DialogProps): ReactNode {
  const finish = useAct(apiKey, 'finish_rotation', `The old ${apiKey.name} has ended`);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="End the old key now?"
      action="End the old key"
      onConfirm={() => finish()}
    >
      <p>
        Whatever still uses <code className="break-all">{apiKey.hint}</code> is refused at once.
      </p>
      <StillUsed apiKey={apiKey} />
    </ConfirmDialog>
  );
}

function StillUsed({ apiKey: { last_used_at: at } }: { apiKey: KeyEntry }): ReactNode {
  if (at === null) return <p>Nobody has used it yet.</p>;
  return (
    <p>
      It was last used <DateTime value={at} look="ago" />.
    </p>
  );
}
