import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import { useSend } from '../../api/index.ts';
import {
  Card,
  ErrorState,
  Form,
  LinkButton,
  LoadingPage,
  Notice,
  PageHeader,
  SelectField,
  TextArea,
  type Values,
} from '../../ui/index.ts';
import { ObjectPage } from '../activity/index.ts';
import { type KeyDetail, keyPaths, type Policy, useKey, usePolicy, whyNotRotate } from './data.ts';
import { type Expiry, expiryOf, latestEnd } from './expiry.ts';
import { ExpiryChoice } from './expiry-field.tsx';
import { ExposedNotice } from './exposed-notice.tsx';
import { SecretOnce } from './secret-once.tsx';

type Rotated = schemas.RotatedApiKey;

const atOnce = '0';
const usualOverlap = '86400';
const overlaps = [
  { value: atOnce, label: 'Not at all: the old key ends at once' },
  { value: '3600', label: '1 hour' },
  { value: usualOverlap, label: '24 hours' },
  { value: '259200', label: '3 days' },
  { value: '604800', label: '7 days' },
];

/** Replaces a key by another with the same rights, without a program standing still. */
export default function RotateApiKey(): ReactNode {
  const { id = '' } = useParams();
  const [rotated, setRotated] = useState<Rotated>();
  const apiKey = useKey(id);
  const policy = usePolicy();
  if (rotated !== undefined) return <Done rotated={rotated} />;
  return (
    <ObjectPage query={apiKey} kind="API key" list={{ to: '/api-keys', label: 'API keys' }}>
      {(key) => {
        if (policy.isError) return <ErrorState error={policy.error} />;
        if (policy.isPending) return <LoadingPage />;
        return <Ask apiKey={key} policy={policy.data} onRotated={setRotated} />;
      }}
    </ObjectPage>
  );
}

const later =
  'Both work for a while, so that no program stands still; then the old one ends by itself.';
const soon = 'The old one was exposed: the sooner it ends, the better.';

type AskProps = {
  apiKey: KeyDetail;
  policy: Policy | undefined;
  onRotated: (rotated: Rotated) => void;
};

function Ask({ apiKey, policy, onRotated }: AskProps): ReactNode {
  const { id, name, kind } = apiKey;
  const exposed = apiKey.exposed_at !== null;
  const refusal = whyNotRotate(apiKey);
  const page = `/api-keys/${id}`;
  const [overlap, setOverlap] = useState(exposed ? atOnce : usualOverlap);
  const [expiry, setExpiry] = useState<Expiry>({ choice: 'keep', date: '' });
  const rotate = useSend<Rotated, schemas.RotateApiKey>({
    path: `/v1/api_keys/${id}/rotate`,
    idempotent: true,
    refreshLater: keyPaths,
    onDone: onRotated,
  });
  const expires = expiryOf(expiry, latestEnd(policy));
  const send = ({ public_key: publicKey }: Values) =>
    rotate.mutateAsync({
      overlap_seconds: Number(overlap),
      ...(expires === undefined ? {} : { expires_at: expires }),
      ...(publicKey === undefined ? {} : { public_key: publicKey.trim() }),
    });
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title={`Rotate ${name}`}
        text={`You get a new key with the same rights. ${exposed ? soon : later}`}
        parent={{ to: page, label: name }}
      />
      <Card>
        {refusal !== undefined && (
          <Notice tone="warn" title="This key cannot be rotated">
            <p>{refusal}</p>
          </Notice>
        )}
        {refusal === undefined && (
          <Form
            onSubmit={send}
            submit="Rotate the key"
            actions={<LinkButton to={page}>Cancel</LinkButton>}
          >
            <ExposedNotice apiKey={apiKey}>
              Whoever saw it can use it until it ends. Let both work on only where a program that
              stands still is worse.
            </ExposedNotice>
            <div className="max-w-96">
              <SelectField
                name="overlap_seconds"
                label="Both work for"
                hint="Long enough to give every program the new key. You can finish earlier."
                options={overlaps}
                value={overlap}
                onChange={({ target }) => setOverlap(target.value)}
              />
            </div>
            <ExpiryChoice
              label="The new key ends"
              keep="After as long as the old one was given"
              expiry={expiry}
              onChange={setExpiry}
              policy={policy}
            />
            {kind === 'signing' && (
              <TextArea
                name="public_key"
                label="New public key"
                hint="Ed25519, as PEM, JWK or base64 of its 32 bytes."
                autoCapitalize="none"
                spellCheck={false}
                required
              />
            )}
          </Form>
        )}
      </Card>
    </div>
  );
}

function Done({ rotated: { predecessor, successor } }: { rotated: Rotated }): ReactNode {
  const ended = predecessor.status !== 'retiring';
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title="The new key is ready"
        text={
          ended
            ? 'The old key has ended.'
            : 'Give it to every program that uses the old one. The page of the key shows who does.'
        }
      />
      <SecretOnce apiKey={successor}>
        <LinkButton to={`/api-keys/${successor.id}`} look="primary">
          Go to the new key
        </LinkButton>
      </SecretOnce>
    </div>
  );
}
