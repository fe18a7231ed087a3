import type { ReactNode } from 'react';
import { LinkButton, PageHeader } from '../../ui/index.ts';
import type { KeyWithSecret } from './data.ts';
import { SecretOnce } from './secret-once.tsx';

/** A key that has just been made. */
export function KeyCreated({ apiKey }: { apiKey: KeyWithSecret }): ReactNode {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title={`${apiKey.name} is ready`}
        text={`A ${apiKey.kind} key of ${apiKey.mode} mode. It works at once.`}
      />
      <SecretOnce apiKey={apiKey}>
        <LinkButton to={`/api-keys/${apiKey.id}`} look="primary">
          Go to the key
        </LinkButton>
      </SecretOnce>
    </div>
  );
}
