import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';

const makeDue = statement(
  'webhooks.hurry_retries',
  `UPDATE webhook_retries SET due_at = now()
   WHERE organization_id = $1 AND endpoint_id = $2 AND due_at > now()`,
);

/**
 * Lets the worker settle at once what still waits for an endpoint that was switched off: it fails
 * without being sent, instead of looking pending for days.
 */
export async function hurryRetries(tx: Tx, organization: string, endpoint: string): Promise<void> {
  await tx.query(makeDue, [organization, endpoint]);
}
