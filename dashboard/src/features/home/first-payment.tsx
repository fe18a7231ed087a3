import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import { now } from '../../clock.ts';
import { curlVariables } from '../../shared/curl.ts';
import { CodeBlock, Skeleton, Spinner } from '../../ui/index.ts';
import { firstPaymentCommands, vaultUrlOf } from './first-payment-commands.ts';

/** The two commands that make a payment with a test card, as this installation takes them. */
export function FirstPayment(): ReactNode {
  const document = useRead<unknown>('/v1/openapi.json');
  if (document.isPending) return <Skeleton height="9rem" />;
  const api = location.origin;
  const vault = vaultUrlOf(document.data) ?? 'https://localhost:8444';
  const commands = firstPaymentCommands(api, vault, new Date(now()).getUTCFullYear() + 5);
  return (
    <div className="grid min-w-0 gap-2 py-1">
      <CodeBlock label="1. A token from a test card" text={commands.token} />
      <CodeBlock label="2. A payment with the token" text={commands.payment} />
      <p className="quiet text-sm">{curlVariables(api)}</p>
      <p className="quiet flex items-center gap-2 text-sm">
        <Spinner size={14} />
        Waiting for the payment. This page notices it.
      </p>
    </div>
  );
}
