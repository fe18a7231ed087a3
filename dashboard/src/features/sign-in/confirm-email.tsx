import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask, isProblem } from '../../api/index.ts';
import { Form, LinkButton } from '../../ui/index.ts';
import { Bare } from './bare.tsx';
import { DeadLink } from './dead-link.tsx';
import { useLinkToken } from './link-token.ts';

/** Proves that a new address is one's own. Waits for a click: mail scanners open links, too. */
export default function ConfirmEmail(): ReactNode {
  const token = useLinkToken();
  const client = useQueryClient();
  const [done, setDone] = useState(false);
  const [dead, setDead] = useState<unknown>();
  if (dead !== undefined) {
    return (
      <DeadLink
        error={dead}
        onRetry={() => setDead(undefined)}
        advice="Change the address in your account again to get a new link."
      />
    );
  }
  if (done) {
    return (
      <Bare title="Your address was changed" text="From now on you sign in with it.">
        <LinkButton to="/" look="primary" wide>
          Go to the dashboard
        </LinkButton>
      </Bare>
    );
  }
  const confirm = async () => {
    try {
      await ask('/v1/account/email/confirm', { method: 'POST', body: { token } });
      await client.invalidateQueries();
      setDone(true);
    } catch (error) {
      if (!isProblem(error, 'link_invalid', 'invalid_request')) throw error;
      setDead(error);
    }
  };
  return (
    <Bare
      title="Confirm your new email address"
      text="It becomes the address with which you sign in. Your other sessions end."
    >
      <Form wide submit="Use this address" onSubmit={confirm}>
        {null}
      </Form>
    </Bare>
  );
}
