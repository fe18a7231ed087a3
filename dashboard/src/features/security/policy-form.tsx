import { type ReactNode, useState } from 'react';
import { ask, useCan, useSend } from '../../api/index.ts';
import { Concerned, RulesChanged } from '../../shared/rules.tsx';
import {
  Button,
  Card,
  Checkbox,
  Choices,
  ConfirmDialog,
  counted,
  Form,
  SelectField,
  TextArea,
  toast,
} from '../../ui/index.ts';
import {
  type Draft,
  draftOf,
  isChanged,
  type Policy,
  type Rules,
  rulesOf,
  withTypedLines,
} from './draft.ts';
import { LockOuts, type Preview } from './lock-outs.tsx';

/** The rules, and beside them whom they would lock out. */
export function PolicyForm({ policy }: { policy: Policy }): ReactNode {
  const [draft, setDraft] = useState<Draft>(() => draftOf(policy));
  const can = useCan();
  const editable = can('security_policy:write');
  const save = useSend<Policy, Rules>({
    method: 'PATCH',
    path: '/v1/security_policy',
    refresh: ['/v1/security_policy', '/v1/account', 'session'],
  });
  const rules = rulesOf(draft);
  const changed = isChanged(policy, rules);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const [lockedOut, setLockedOut] = useState<Preview['locked_out']>();
  const store = async () => {
    await save.mutateAsync(rules);
    toast('The rules for signing in were changed', 'They hold from the next request on.');
  };
  const send = async () => {
    const asked = { method: 'POST', body: rules } as const;
    try {
      const preview = await ask<Preview>('/v1/security_policy/preview', asked);
      // The API refuses what would lock out whoever saves it.
      if (preview.locked_out.length > 0 && preview.you.length === 0) {
        setLockedOut(preview.locked_out);
      } else await store();
    } catch (error) {
      throw withTypedLines(error, draft, rules);
    }
  };
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card
        title="Rules for signing in"
        text={<RulesChanged at={policy.updated_at} editable={editable} />}
      >
        <Form
          onSubmit={send}
          submit="Save the rules"
          disabled={!editable || !changed || rules.allowed_factors.length === 0}
          actions={
            changed && <Button onClick={() => setDraft(draftOf(policy))}>Undo the changes</Button>
          }
        >
          <fieldset disabled={!editable} className="grid grid-cols-1 gap-6">
            <legend className="sr-only">Rules for signing in</legend>
            <Factors draft={draft} onChange={change} />
            <Lengths draft={draft} onChange={change} />
            <Places draft={draft} onChange={change} />
          </fieldset>
        </Form>
      </Card>
      <LockOuts rules={rules} changed={changed} />
      {lockedOut !== undefined && (
        <ConfirmLockOut
          members={lockedOut}
          onClose={() => setLockedOut(undefined)}
          onConfirm={store}
        />
      )}
    </div>
  );
}

type ConfirmProps = {
  members: Preview['locked_out'];
  onClose: () => void;
  onConfirm: () => Promise<void>;
};

/** Others lose access by this: it is asked for, with their number and names. */
function ConfirmLockOut({ members, onClose, onConfirm }: ConfirmProps): ReactNode {
  const people = counted(members.length, 'member');
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Lock out ${people}?`}
      action={`Save and lock out ${people}`}
      onConfirm={onConfirm}
    >
      <p>These rules keep them out from their next request on:</p>
      <Concerned all={members.map(({ member, name }) => ({ id: member, name }))} />
    </ConfirmDialog>
  );
}

type PartProps = { draft: Draft; onChange: (part: Partial<Draft>) => void };
type Factor = Draft['allowed_factors'][number];

const factors: readonly { value: Factor; label: string; hint: string }[] = [
  {
    value: 'passkey',
    label: 'Passkeys',
    hint: 'Fingerprint, face or PIN of a device or a security key. Cannot be phished.',
  },
  {
    value: 'totp',
    label: 'Codes from an authenticator app (TOTP)',
    hint: 'Six digits, new every 30 seconds.',
  },
];

function Factors({ draft, onChange }: PartProps): ReactNode {
  const chosen = draft.allowed_factors;
  const toggle = (value: Factor, on: boolean) =>
    onChange({
      allowed_factors: on ? [...chosen, value] : chosen.filter((one) => one !== value),
    });
  return (
    <Choices legend="Second factors people may use">
      {factors.map(({ value, label, hint }) => (
        <Checkbox
          key={value}
          label={label}
          hint={hint}
          checked={chosen.includes(value)}
          onChange={(event) => toggle(value, event.target.checked)}
        />
      ))}
      {chosen.length === 0 && <p className="field-error">One of them has to be allowed.</p>}
    </Choices>
  );
}

const minutes = [1, 2, 5, 10, 15];
const hours = [1, 2, 4, 8, 12];
/** The usual steps, and whatever is set. */
const optionsFor = (usual: readonly number[], set: number, unit: string) =>
  [...new Set([...usual, set])]
    .toSorted((a, b) => a - b)
    .map((value) => ({
      value: String(value),
      label: `${value} ${value === 1 ? unit : `${unit}s`}`,
    }));

function Lengths({ draft, onChange }: PartProps): ReactNode {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label="Signed out when unused for"
        name="idle_minutes"
        hint="At most 15 minutes (PCI DSS 8.2.8)."
        options={optionsFor(minutes, draft.idle_minutes, 'minute')}
        value={String(draft.idle_minutes)}
        onChange={({ target }) => onChange({ idle_minutes: Number(target.value) })}
      />
      <SelectField
        label="Signed out in any case after"
        name="session_hours"
        hint="At most 12 hours."
        options={optionsFor(hours, draft.session_hours, 'hour')}
        value={String(draft.session_hours)}
        onChange={({ target }) => onChange({ session_hours: Number(target.value) })}
      />
    </div>
  );
}

function Places({ draft, onChange }: PartProps): ReactNode {
  return (
    <>
      <TextArea
        label="Email domains"
        name="email_domains"
        rows={3}
        hint="One per line. Only people with an address at one of them can be invited and sign in.
          Empty: every domain."
        placeholder="example.com"
        autoCapitalize="none"
        spellCheck={false}
        value={draft.email_domains}
        onChange={({ target }) => onChange({ email_domains: target.value })}
      />
      <TextArea
        label="Networks of the dashboard"
        name="ip_ranges"
        rows={3}
        hint="Addresses or ranges (CIDR), one per line. The dashboard works from there only; it does
          not concern API keys. Empty: every address."
        placeholder="203.0.113.0/24"
        autoCapitalize="none"
        spellCheck={false}
        value={draft.ip_ranges}
        onChange={({ target }) => onChange({ ip_ranges: target.value })}
      />
    </>
  );
}
