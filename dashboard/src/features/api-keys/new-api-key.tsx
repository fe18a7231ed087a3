import type { Permission } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useCan, useMode, useSend } from '../../api/index.ts';
import { ErrorState, LoadingPage, PageHeader } from '../../ui/index.ts';
import { type KeyWithSecret, keyPaths, type Policy, usePolicy } from './data.ts';
import { createBody, emptyDraft, type KeyDraft } from './draft.ts';
import { latestEnd, usualExpiry } from './expiry.ts';
import { KeyCreated } from './key-created.tsx';
import { KeyForm } from './key-form.tsx';
import { KindField } from './kind-field.tsx';
import { presets } from './presets.ts';

/** A new key of the mode that is switched on; its secret is shown once, when it is made. */
export default function NewApiKey(): ReactNode {
  const [created, setCreated] = useState<KeyWithSecret>();
  const policy = usePolicy();
  const mode = useMode();
  // What was made stays on the screen, whatever is switched above it.
  if (created !== undefined) return <KeyCreated apiKey={created} />;
  if (policy.isError) return <ErrorState error={policy.error} />;
  if (policy.isPending) return <LoadingPage />;
  return <Creating key={mode} policy={policy.data} onCreated={setCreated} />;
}

type Props = { policy: Policy | undefined; onCreated: (key: KeyWithSecret) => void };

function Creating({ policy, onCreated }: Props): ReactNode {
  const can = useCan();
  const mode = useMode();
  const [draft, setDraft] = useState<KeyDraft>(() => firstDraft(policy, can));
  const create = useSend<KeyWithSecret, KeyDraft>({
    path: '/v1/api_keys',
    body: (wanted) => createBody(wanted, latestEnd(policy)),
    idempotent: true,
    refreshLater: keyPaths,
    onDone: onCreated,
  });
  const change = (part: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title="Create an API key"
        text={`It works in ${mode} mode only. You are its owner.`}
        parent={{ to: '/api-keys', label: 'API keys' }}
      />
      <KeyForm
        draft={draft}
        onChange={change}
        policy={policy}
        before={<KindField kind={draft.kind} onChange={(kind) => change({ kind })} />}
        submit="Create the key"
        cancel="/api-keys"
        onSave={() => create.mutateAsync(draft)}
      />
    </div>
  );
}

/** What most keys are for, as far as this person may give it. */
function firstDraft(policy: Policy | undefined, can: (name: Permission) => boolean): KeyDraft {
  const [first] = presets;
  return {
    ...emptyDraft,
    preset: first?.id ?? emptyDraft.preset,
    permissions: new Set(first?.permissions.filter(can)),
    expiry: usualExpiry(latestEnd(policy)),
  };
}
