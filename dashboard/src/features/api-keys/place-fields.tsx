import type { ReactNode } from 'react';
import { useOwnAddress } from '../../shared/own-address.tsx';
import { TextArea } from '../../ui/index.ts';
import type { PartProps } from './key-form.tsx';

/** From where a key may be used: addresses of servers, or origins of pages. */
export function PlaceFields(props: PartProps): ReactNode {
  return props.draft.kind === 'publishable' ? <Origins {...props} /> : <Addresses {...props} />;
}

function Addresses({ draft, onChange, policy }: PartProps): ReactNode {
  const address = useOwnAddress();
  const needed = policy?.require_ip_ranges === true;
  return (
    <TextArea
      name="ip_ranges"
      label={
        <>
          Addresses it may be used from <small>{needed ? '' : '(optional)'}</small>
        </>
      }
      rows={3}
      hint={
        <>
          Of your servers, one address or range (CIDR) per line.{' '}
          {needed ? 'Your rules ask for it.' : 'Empty: every address.'}
          {address !== undefined && (
            <>
              {' '}
              This browser comes from <code className="break-all">{address}</code>.
            </>
          )}
        </>
      }
      placeholder="203.0.113.0/24"
      value={draft.ranges}
      onChange={({ target }) => onChange({ ranges: target.value })}
      autoCapitalize="none"
      spellCheck={false}
      required={needed}
    />
  );
}

function Origins({ draft, onChange }: PartProps): ReactNode {
  return (
    <TextArea
      name="allowed_origins"
      label={
        <>
          Pages that may use it <small>(optional)</small>
        </>
      }
      rows={3}
      hint="Origins, one per line: scheme and host, without a path. Empty: every page."
      placeholder="https://shop.example"
      value={draft.origins}
      onChange={({ target }) => onChange({ origins: target.value })}
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
