import type { ReactNode } from 'react';
import { Card, Form, LinkButton, TextArea, TextField } from '../../ui/index.ts';
import type { ApiKey, Policy } from './data.ts';
import { isSendable, type KeyDraft, withTypedLines } from './draft.ts';
import { ExpiryField } from './expiry-field.tsx';
import { LimitFields } from './limit-fields.tsx';
import { PermissionField } from './permission-field.tsx';
import { PlaceFields } from './place-fields.tsx';

export type PartProps = {
  draft: KeyDraft;
  onChange: (part: Partial<KeyDraft>) => void;
  /** Undefined for those who may not see the rules. */
  policy: Policy | undefined;
  /** The key as it is, where one is being changed. */
  apiKey?: ApiKey | undefined;
};

type Props = PartProps & {
  /** Stands above everything else, e.g. the choice of a kind. */
  before?: ReactNode;
  submit: string;
  cancel: string;
  disabled?: boolean;
  onSave: () => Promise<unknown>;
};

/** Everything about a key that can be said: what it is called, what it may do, from where. */
export function KeyForm(props: Props): ReactNode {
  const { before, submit, cancel, disabled = false, onSave, ...part } = props;
  const { draft } = part;
  const send = async () => {
    try {
      await onSave();
    } catch (error) {
      throw withTypedLines(error, draft);
    }
  };
  return (
    <Form
      onSubmit={send}
      submit={submit}
      disabled={disabled || !isSendable(draft)}
      actions={<LinkButton to={cancel}>Cancel</LinkButton>}
    >
      {before}
      <Card title="What it is for">
        <Identity {...part} />
      </Card>
      {draft.kind !== 'publishable' && <PermissionField {...part} />}
      <Card title="From where, and until when">
        <div className="grid gap-5">
          <PlaceFields {...part} />
          <ExpiryField {...part} />
        </div>
      </Card>
      <Card title="Limits" text="All of them are optional.">
        <LimitFields {...part} />
      </Card>
    </Form>
  );
}

function Identity({ draft, onChange, policy }: PartProps): ReactNode {
  const needsService = policy?.one_service_per_key === true;
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <TextField
        name="name"
        label="Name"
        hint="By which people will know it."
        placeholder="Shop server"
        value={draft.name}
        onChange={({ target }) => onChange({ name: target.value })}
        maxLength={200}
        autoComplete="off"
        required
      />
      <TextField
        name="service"
        label={
          <>
            Service <small>{needsService ? '' : '(optional)'}</small>
          </>
        }
        hint={
          needsService
            ? 'The one program that uses it: your rules ask for it.'
            : 'The one program that uses it, so that you know what stops without it.'
        }
        placeholder="checkout"
        value={draft.service}
        onChange={({ target }) => onChange({ service: target.value })}
        maxLength={60}
        autoComplete="off"
        required={needsService}
      />
      {draft.kind === 'signing' && (
        <div className="sm:col-span-2">
          <TextArea
            name="public_key"
            label="Public key"
            hint="Ed25519, as PEM, JWK or base64 of its 32 bytes. Keep the private one where it was
              made: PayOS never sees it."
            placeholder="-----BEGIN PUBLIC KEY-----"
            value={draft.publicKey}
            onChange={({ target }) => onChange({ publicKey: target.value })}
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        </div>
      )}
    </div>
  );
}
