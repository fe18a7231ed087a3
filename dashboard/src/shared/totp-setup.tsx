import { useQuery } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { ask } from '../api/index.ts';
import { CopyButton, ErrorState, Form, LoadingRows, TextField, type Values } from '../ui/index.ts';
import { QrCode } from './qr-code.tsx';

type Props = { onDone: (enrolled: schemas.Enrolled) => void; wide?: boolean };

/** Shows a new TOTP secret, as a picture and as text, and asks for the first code. */
export function TotpSetup({ onDone, wide = false }: Props): ReactNode {
  const secret = useQuery({
    queryKey: ['new-totp'],
    queryFn: () => ask<schemas.NewTotp>('/v1/account/totp', { method: 'POST', body: {} }),
    // A secret is made for this once, and is not kept in memory.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
  if (secret.isPending) return <LoadingRows rows={3} />;
  if (secret.isError) return <ErrorState error={secret.error} onRetry={() => secret.refetch()} />;
  const submit = async ({ code = '' }: Values) => {
    const body = { code: code.replaceAll(/\s/g, '') };
    onDone(await ask<schemas.Enrolled>('/v1/account/totp/confirm', { method: 'POST', body }));
  };
  return (
    <div className="grid gap-4">
      <p>Scan this with an authenticator app, then enter the code that it shows.</p>
      <div className="grid justify-items-center gap-2">
        <QrCode text={secret.data.uri} label="QR code for an authenticator app" />
        <p className="field-hint text-center">Or type this key into the app:</p>
        <p className="flex items-center gap-1">
          <code className="text-center break-all">{grouped(secret.data.secret)}</code>
          <CopyButton text={secret.data.secret} label="Copy the key" />
        </p>
      </div>
      <Form submit="Confirm" onSubmit={submit} wide={wide}>
        <CodeField />
      </Form>
    </div>
  );
}

const grouped = (secret: string) => secret.match(/.{1,4}/g)?.join(' ') ?? secret;

/** Six digits of an authenticator app; pasted ones may have spaces in them. */
export function CodeField({ autoFocus = false }: { autoFocus?: boolean }): ReactNode {
  return (
    <TextField
      name="code"
      label="Code from your authenticator app"
      hint="A code works once: if you have just used one, wait for the next."
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="\s*([0-9]\s*){6}"
      title="Six digits"
      maxLength={16}
      data-code
      required
      autoFocus={autoFocus}
    />
  );
}
