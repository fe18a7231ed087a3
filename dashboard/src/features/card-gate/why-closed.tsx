import type { ReactNode } from 'react';
import { DateTime, Notice } from '../../ui/index.ts';
import { type Attestation, causes } from './data.ts';

/** Why the gate is closed, and what opens it again. */
export function WhyClosed({ attestation }: { attestation: Attestation }): ReactNode {
  const { closed_at, closed_cause, closed_reason } = attestation;
  const isIncident = closed_cause !== null && closed_cause !== 'person';
  return (
    <Notice
      tone={isIncident ? 'danger' : 'info'}
      title={isIncident ? 'Closed because of an incident' : 'Closed by a person'}
    >
      <p>
        {closed_cause !== null && <>{causes[closed_cause]}. </>}
        <span className="wrap-anywhere">{closed_reason}</span>
      </p>
      {closed_at !== null && (
        <p>
          Since <DateTime value={closed_at} />.
        </p>
      )}
      <p>
        To open it again one person asks with an attestation, and another approves: owners, admins
        and security officers may, never for themselves.
        {closed_cause === 'key_exposed' && ' The key has to be revoked before.'}
      </p>
    </Notice>
  );
}
