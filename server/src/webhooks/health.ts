import { clock } from '../core/clock.ts';
import { systemContext } from '../core/context.ts';
import { type Database, run, statement } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import { isGone } from './attempt.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import type { DisabledReason } from './endpoint.ts';
import type { Outcome } from './settle.ts';

/** How long an endpoint may fail every time before it is switched off. */
const failingMaxMs = 5 * 24 * 3_600_000;

const markFailing = statement(
  'webhooks.mark_failing',
  `UPDATE webhook_endpoints SET failing_since = now()
   WHERE organization_id = $1 AND id = $2 AND failing_since IS NULL`,
);
const markWell = statement(
  'webhooks.mark_well',
  `UPDATE webhook_endpoints SET failing_since = NULL
   WHERE organization_id = $1 AND id = $2 AND failing_since IS NOT NULL`,
);

/** Notes how the endpoints of a batch do, and switches off those that are gone or long dead. */
export async function noteHealth(db: Database, log: Log, outcomes: Outcome[]): Promise<void> {
  const made = outcomes.filter(({ attempt }) => attempt !== undefined);
  const byEndpoint = Map.groupBy(made, ({ claim }) => claim.endpoint);
  for (const [endpoint, ofEndpoint] of byEndpoint) {
    const [first] = ofEndpoint;
    if (first === undefined) continue;
    const { organization, mode, failingSince } = first.claim;
    const arrived = ofEndpoint.some(({ result }) => result === 'succeeded');
    const reason = reasonToDisable(ofEndpoint, arrived, failingSince);
    if (reason !== undefined) {
      await disableEndpoint(
        systemContext({ db, log }, 'webhooks'),
        { organization, mode },
        endpoint,
        reason,
      );
    } else if (arrived !== (failingSince === null)) {
      await run(db.write, arrived ? markWell : markFailing, [organization, endpoint]);
    }
  }
}

function reasonToDisable(
  outcomes: readonly Outcome[],
  arrived: boolean,
  failingSince: string | null,
): DisabledReason | undefined {
  if (outcomes.some(isGone)) return 'gone';
  if (arrived || failingSince === null) return undefined;
  return clock.nowMs() - Date.parse(failingSince) > failingMaxMs ? 'failing' : undefined;
}
