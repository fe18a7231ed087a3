import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Button, CodeBlock, DateTime, Dialog, Notice } from '../../ui/index.ts';

export type InvitationWithLink = schemas.Invitation & { link: string };

/** The link of an invitation, the only time it is shown. */
export function InvitationLink({
  invitation,
  onClose,
}: {
  invitation: InvitationWithLink;
  onClose: () => void;
}): ReactNode {
  const { email, link, mailed, expires_at: expires } = invitation;
  return (
    <Dialog open onClose={onClose} title={`Invitation for ${email}`}>
      {mailed ? (
        <Notice tone="ok" title="The link is on its way by email">
          <p>You can also send it yourself, by a channel that only {email} reads.</p>
        </Notice>
      ) : (
        <Notice tone="warn" title="Nothing was mailed: this installation has no mail server">
          <p>Copy the link and send it by a channel that only {email} reads.</p>
        </Notice>
      )}
      <CodeBlock label="Link of the invitation" text={link} />
      <p className="quiet text-sm">
        It is shown only now, works once, and until <DateTime value={expires} />. A new one can be
        made at any time, which ends this one.
      </p>
      <div className="dialog-foot">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
