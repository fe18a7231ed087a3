import { curlOf } from '../../shared/curl.ts';

type Document = { paths?: Record<string, { servers?: { url?: unknown }[] }> };

/** Where the vault takes cards, as the OpenAPI document of this installation says. */
export function vaultUrlOf(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const url = (document as Document).paths?.['/v1/tokens']?.servers?.[0]?.url;
  return typeof url === 'string' ? url : undefined;
}

/**
 * Two commands for a POSIX shell: the first leaves a token in `TOKEN`, the second pays with it.
 * Both can be run again: each token brings a key of its own.
 */
export function firstPaymentCommands(
  api: string,
  vault: string,
  expiryYear: number,
): { token: string; payment: string } {
  const card = { number: '4242424242424242', exp_month: 12, exp_year: expiryYear };
  const token = curlOf({
    method: 'POST',
    url: `${vault}/v1/tokens`,
    body: { type: 'card', card },
  });
  const payment = curlOf({
    method: 'POST',
    url: `${api}/v1/payments`,
    body: { amount: 1999, currency: 'EUR', token: '$TOKEN' },
    idempotencyKey: 'first-$TOKEN',
  });
  return {
    token: `TOKEN=$(${token} \\\n  | sed -nE 's/.*"id":"(tok_[^"]+)".*/\\1/p')`,
    // The shell puts the token in: outside of single quotes.
    payment: payment
      .replace("'Idempotency-Key: first-$TOKEN'", '"Idempotency-Key: first-$TOKEN"')
      .replace('"$TOKEN"', `"'"$TOKEN"'"`),
  };
}
