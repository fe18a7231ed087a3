import type { Permission, schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useSend } from '../../api/index.ts';
import { ConfirmDialog, counted, toast } from '../../ui/index.ts';
import { PermissionLines } from '../roles/index.ts';
import { type Changed, keyPaths, permissionsOf } from './data.ts';
import type { DialogProps } from './key-dialogs.tsx';
import { sayPropagation } from './propagation.tsx';

/** Takes permissions away from a key, after showing which. */
export function NarrowDialog({
  apiKey,
  names,
  onClose,
}: DialogProps & { names: readonly Permission[] }): ReactNode {
  const { id, name } = apiKey;
  const kept = permissionsOf(apiKey).filter((one) => !names.includes(one));
  const count = counted(names.length, 'permission');
  const narrow = useSend<Changed, schemas.UpdateApiKey>({
    method: 'PATCH',
    path: `/v1/api_keys/${id}`,
    refresh: keyPaths,
  });
  const confirm = async () => {
    const { propagation } = await narrow.mutateAsync({ permissions: kept });
    toast(`${count} taken from ${name}`, sayPropagation(propagation));
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Take ${count} from ${name}?`}
      action={`Take away ${count}`}
      danger={false}
      onConfirm={confirm}
    >
      <p>The key works on, but is refused whatever takes one of these:</p>
      <PermissionLines names={names} icon="minus" prefix="Loses" tone="text-danger" />
      <p className="quiet text-sm">You can give them back, as far as you have them yourself.</p>
    </ConfirmDialog>
  );
}
