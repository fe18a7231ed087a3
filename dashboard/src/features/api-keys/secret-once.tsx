import { type ReactNode, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { curlOf, hasOwnCa } from '../../shared/curl.ts';
import { useLeaveGuard } from '../../shared/leave-guard.ts';
import { Card, CodeBlock, ConfirmDialog, CopyableId, Notice } from '../../ui/index.ts';
import type { KeyWithSecret } from './data.ts';

type Props = {
  apiKey: KeyWithSecret;
  /** Where one goes on from here. */
  children: ReactNode;
};

/** The secret of a key, the only time it is shown: who leaves without it is asked first. */
export function SecretOnce({ apiKey, children }: Props): ReactNode {
  const { key } = apiKey;
  const [copied, setCopied] = useState(false);
  const [leave, setLeave] = useState<() => void>();
  const navigate = useNavigate();
  // It stands where a form was: nobody should have to look for it.
  useEffect(() => document.querySelector('h1')?.focus(), []);
  useLeaveGuard(
    key !== null && !copied,
    (go) => setLeave(() => go),
    (path) => void navigate(path, { replace: true }),
  );
  return (
    <Card>
      <div className="grid gap-4">
        {key === null ? (
          <Registered id={apiKey.id} />
        ) : (
          <Shown apiKey={apiKey} secret={key} onCopied={() => setCopied(true)} />
        )}
        <div className="dialog-foot">{children}</div>
      </div>
      <ConfirmDialog
        open={leave !== undefined}
        onClose={() => setLeave(undefined)}
        title="Leave without the key?"
        action="Leave"
        dismiss="Stay here"
        onConfirm={async () => leave?.()}
      >
        <p>You have not copied it, and nobody can show it again: you would have to make another.</p>
      </ConfirmDialog>
    </Card>
  );
}

type ShownProps = { apiKey: KeyWithSecret; secret: string; onCopied: () => void };

function Shown({ apiKey, secret, onCopied }: ShownProps): ReactNode {
  const open = apiKey.kind === 'publishable';
  const variable = open ? 'PAYOS_PUBLISHABLE_KEY' : 'PAYOS_SECRET_KEY';
  const attempt = open ? undefined : attemptOf(apiKey.permissions);
  const url = `${location.origin}${attempt ?? ''}`;
  return (
    <>
      <Notice tone="warn" title="It is shown only now">
        <p>
          {open
            ? 'Everybody who opens your page can read it: that is what it is for. Copy it now.'
            : 'Copy it now, to where your program gets its secrets. Not into code, chat or mail.'}
        </p>
      </Notice>
      <CodeBlock wrap label="The key" text={secret} onCopied={onCopied} />
      <CodeBlock
        wrap
        label="As a line of an environment file"
        text={`${variable}=${secret}`}
        onCopied={onCopied}
      />
      {attempt !== undefined && (
        <>
          <CodeBlock
            label="Try it, in a shell that has the variable"
            text={curlOf({ method: 'GET', url, variable })}
          />
          {hasOwnCa(url) && (
            <p className="quiet text-sm">
              <code>CA_FILE</code> is <code>.payos/tls/ca.pem</code> of this installation.
            </p>
          )}
        </>
      )}
    </>
  );
}

/** Of a signing key nothing is secret. */
function Registered({ id }: { id: string }): ReactNode {
  return (
    <>
      <Notice tone="ok" title="The public key is registered">
        <p>
          Sign your requests with the private key that belongs to it, and name this id in the
          signature. PayOS keeps no secret of it.
        </p>
      </Notice>
      <p>
        Key id: <CopyableId id={id} />
      </p>
    </>
  );
}

/** Something that the key may read. */
const readable: readonly [permission: string, path: string][] = [
  ['payments:read', '/v1/payments?limit=1'],
  ['customers:read', '/v1/customers?limit=1'],
  ['events:read', '/v1/events?limit=1'],
  ['webhooks:read', '/v1/webhook_endpoints'],
  ['refunds:read', '/v1/refunds?limit=1'],
];

const attemptOf = (permissions: readonly string[]): string | undefined =>
  readable.find(([name]) => permissions.includes(name))?.[1];
