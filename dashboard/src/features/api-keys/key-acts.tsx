import { type ReactNode, useState } from 'react';
import { useCan } from '../../api/index.ts';
import { Button, LinkButton, Menu, MenuItem } from '../../ui/index.ts';
import { isLiving, type KeyEntry, whyNotRotate } from './data.ts';
import { DisableDialog, EnableDialog, RevokeDialog } from './key-dialogs.tsx';

type Act = 'enable' | 'disable' | 'revoke';

/** What this person may do to a key, as it is now. */
export function KeyActs({ apiKey }: { apiKey: KeyEntry }): ReactNode {
  const can = useCan();
  const [asked, setAsked] = useState<Act>();
  const close = () => setAsked(undefined);
  if (!isLiving(apiKey)) return null;
  const { id, status } = apiKey;
  const isDisabled = status === 'disabled';
  return (
    <>
      {can('keys:write') && (
        <LinkButton to={`/api-keys/${id}/edit`} icon="pencil">
          Edit
        </LinkButton>
      )}
      {can('keys:write') && isDisabled && (
        <Button look="primary" onClick={() => setAsked('enable')}>
          Enable
        </Button>
      )}
      {can('keys:write') && whyNotRotate(apiKey) === undefined && (
        <LinkButton to={`/api-keys/${id}/rotate`} icon="refresh">
          Rotate
        </LinkButton>
      )}
      {can('keys:revoke') && (
        <Menu trigger={<Button icon="more">Stop</Button>}>
          <MenuItem icon="minus" disabled={isDisabled} onSelect={() => setAsked('disable')}>
            Disable …
          </MenuItem>
          <MenuItem icon="x" danger onSelect={() => setAsked('revoke')}>
            Revoke …
          </MenuItem>
        </Menu>
      )}
      {asked === 'enable' && <EnableDialog apiKey={apiKey} onClose={close} />}
      {asked === 'disable' && <DisableDialog apiKey={apiKey} onClose={close} />}
      {asked === 'revoke' && <RevokeDialog apiKey={apiKey} onClose={close} />}
    </>
  );
}
