import type { schemas } from 'payos-contract';
import { type ReactNode, useEffect, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useCan, useSend } from '../../api/index.ts';
import { Card, ErrorState, LoadingPage, PageHeader, SelectField, toast } from '../../ui/index.ts';
import { ObjectPage } from '../activity/index.ts';
import { useMembers } from '../members/index.ts';
import { type Changed, type KeyDetail, keyPaths, type Policy, useKey, usePolicy } from './data.ts';
import { changesOf, draftOf, type KeyDraft } from './draft.ts';
import { latestEnd } from './expiry.ts';
import { KeyForm } from './key-form.tsx';
import { sayPropagation } from './propagation.tsx';

/** Changes a key: what it is called, what it may do, from where and until when. */
export default function EditApiKey(): ReactNode {
  const { id = '' } = useParams();
  const apiKey = useKey(id);
  const policy = usePolicy();
  return (
    <ObjectPage query={apiKey} kind="API key" list={{ to: '/api-keys', label: 'API keys' }}>
      {(key) => {
        if (policy.isError) return <ErrorState error={policy.error} />;
        if (policy.isPending) return <LoadingPage />;
        return <Editing key={key.id} apiKey={key} policy={policy.data} />;
      }}
    </ObjectPage>
  );
}

type EditingProps = { apiKey: KeyDetail; policy: Policy | undefined };

function Editing({ apiKey, policy }: EditingProps): ReactNode {
  const { id, name } = apiKey;
  const page = `/api-keys/${id}`;
  const navigate = useNavigate();
  useFocusAt();
  const [draft, setDraft] = useState<KeyDraft>(() => draftOf(apiKey));
  const [owner, setOwner] = useState(apiKey.owner ?? '');
  const update = useSend<Changed, schemas.UpdateApiKey>({
    method: 'PATCH',
    path: `/v1/api_keys/${id}`,
    refresh: keyPaths,
  });
  const changes: schemas.UpdateApiKey = {
    ...changesOf(apiKey, draft, latestEnd(policy, apiKey.created_at)),
    ...(owner === (apiKey.owner ?? '') ? {} : { owner }),
  };
  const save = async () => {
    const { propagation } = await update.mutateAsync(changes);
    toast(`${draft.name.trim()} was changed`, sayPropagation(propagation));
    await navigate(page);
  };
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title={`Change ${name}`}
        text="It holds from the next request on."
        parent={{ to: page, label: name }}
      />
      <KeyForm
        draft={draft}
        onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
        policy={policy}
        apiKey={apiKey}
        before={<Owner apiKey={apiKey} owner={owner} onChange={setOwner} />}
        submit="Save"
        cancel={page}
        disabled={Object.keys(changes).length === 0}
        onSave={save}
      />
    </div>
  );
}

/** Key safety leads to the one field that it is about. */
function useFocusAt(): void {
  const [params] = useSearchParams();
  const at = params.get('at');
  useEffect(() => {
    if (at !== 'ip_ranges' && at !== 'expires_at') return;
    document.querySelector<HTMLElement>(`form [name="${at}"]`)?.focus();
  }, [at]);
}

type OwnerProps = { apiKey: KeyDetail; owner: string; onChange: (owner: string) => void };

/** Who looks after the key; who may see the members can give it to another. */
function Owner({ apiKey, owner, onChange }: OwnerProps): ReactNode {
  const members = useMembers(useCan()('members:read'));
  if (members.data === undefined) return null;
  const active = members.data.data.filter(({ status }) => status === 'active');
  const present = active.some(({ id }) => id === apiKey.owner)
    ? []
    : [{ value: apiKey.owner ?? '', label: apiKey.owner_name ?? 'Nobody' }];
  return (
    <Card>
      <div className="max-w-96">
        <SelectField
          name="owner"
          label="Owner"
          hint="Gets the reminders, and must be allowed all that the key may do."
          options={[...present, ...active.map(({ id, name }) => ({ value: id, label: name }))]}
          value={owner}
          onChange={({ target }) => onChange(target.value)}
        />
      </div>
    </Card>
  );
}
