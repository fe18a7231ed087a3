import { type ReactNode, useState } from 'react';
import { useCan, useMode, useSend } from '../../api/index.ts';
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
  TextField,
  toast,
} from '../../ui/index.ts';
import { keyPaths, type Policy } from './data.ts';
import {
  isChanged,
  isWhole,
  type PolicyDraft,
  policyDraftOf,
  type Rules,
  rulesOf,
} from './policy-draft.ts';
import { PolicyPreview, usePreview } from './policy-preview.tsx';

/** The rules, and beside them which keys they would concern. */
export function PolicyForm({ policy }: { policy: Policy }): ReactNode {
  const [draft, setDraft] = useState<PolicyDraft>(() => policyDraftOf(policy));
  const [asked, setAsked] = useState(false);
  const editable = useCan()('security_policy:write');
  const mode = useMode();
  const save = useSend<Policy, Rules>({
    method: 'PATCH',
    path: '/v1/api_key_policy',
    refresh: ['/v1/api_key_policy', ...keyPaths],
  });
  const rules = rulesOf(draft);
  const changed = isChanged(policy, rules);
  const preview = usePreview(rules, editable && isWhole(rules));
  const ending = changed ? (preview.data?.end_now.length ?? 0) : 0;
  const change = (part: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const store = async () => {
    setDraft(policyDraftOf(await save.mutateAsync(rules)));
    toast('The rules for API keys were changed', 'They hold from the next request on.');
  };
  const send = async () => {
    if (ending > 0) setAsked(true);
    else await store();
  };
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card
        title={`For ${mode} mode`}
        text={<RulesChanged at={policy.updated_at} editable={editable} />}
      >
        <Form
          onSubmit={send}
          submit="Save the rules"
          disabled={!editable || !changed || !isWhole(rules)}
          actions={
            changed && (
              <Button onClick={() => setDraft(policyDraftOf(policy))}>Undo the changes</Button>
            )
          }
        >
          <fieldset disabled={!editable} className="grid grid-cols-1 gap-6">
            <legend className="sr-only">Rules for API keys</legend>
            <Ages draft={draft} onChange={change} />
            <Needs draft={draft} onChange={change} />
            <Exposure draft={draft} onChange={change} />
          </fieldset>
        </Form>
      </Card>
      {editable && <PolicyPreview preview={preview} changed={changed} />}
      <ConfirmDialog
        open={asked}
        onClose={() => setAsked(false)}
        title={`End ${counted(ending, 'key')} now?`}
        action={`Save and end ${counted(ending, 'key')}`}
        onConfirm={store}
      >
        <p>Whatever uses these keys is refused from the next request on:</p>
        <Concerned all={preview.data?.end_now ?? []} />
      </ConfirmDialog>
    </div>
  );
}

type PartProps = { draft: PolicyDraft; onChange: (part: Partial<PolicyDraft>) => void };

const onOverdue = [
  { value: 'warn', label: 'Remind its owner, nothing else' },
  { value: 'freeze', label: 'Remind, and give it no further permissions' },
  { value: 'expire', label: 'End it' },
];

function Ages({ draft, onChange }: PartProps): ReactNode {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Days
        name="max_age_days"
        label="Replace keys after"
        hint="Its owner is reminded 14, 7 and 1 days before. Empty: keys may grow old."
        value={draft.max_age_days}
        onChange={(text) => onChange({ max_age_days: text })}
      />
      <SelectField
        name="on_overdue"
        label="What happens to a key that is older"
        options={onOverdue}
        disabled={draft.max_age_days === ''}
        value={draft.on_overdue}
        onChange={({ target }) =>
          onChange({ on_overdue: target.value as PolicyDraft['on_overdue'] })
        }
      />
      <Days
        name="longest_expiry_days"
        label="Longest life of a new key"
        hint="Then every key must have an end, at most that far away. Empty: any, or none."
        value={draft.longest_expiry_days}
        onChange={(text) => onChange({ longest_expiry_days: text })}
      />
    </div>
  );
}

type DaysProps = {
  name: string;
  label: string;
  hint: string;
  value: string;
  onChange: (text: string) => void;
};

function Days({ label, onChange, ...rest }: DaysProps): ReactNode {
  return (
    <TextField
      {...rest}
      label={
        <>
          {label} <small>in days</small>
        </>
      }
      type="number"
      min={1}
      max={3650}
      step={1}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

function Needs({ draft, onChange }: PartProps): ReactNode {
  return (
    <Choices legend="What every new key needs">
      <Checkbox
        label="Addresses it may be used from"
        hint="A stolen key is then of no use elsewhere. Keys that have none work on, and are
          listed under Safety. Does not concern publishable keys."
        checked={draft.require_ip_ranges}
        onChange={({ target }) => onChange({ require_ip_ranges: target.checked })}
      />
      <Checkbox
        label="The one service that uses it"
        hint="So that everybody knows what stops when a key is revoked."
        checked={draft.one_service_per_key}
        onChange={({ target }) => onChange({ one_service_per_key: target.checked })}
      />
    </Choices>
  );
}

const acts = [
  { value: 'flag', label: 'Mark it and tell its owner' },
  { value: 'disable', label: 'Disable it, and tell its owner' },
  { value: 'revoke', label: 'Revoke it, and tell its owner' },
];
type Act = PolicyDraft['on_plain_http'];

function Exposure({ draft, onChange }: PartProps): ReactNode {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <SelectField
        name="on_leak_report"
        label="When a secret scanner reports a key"
        hint="It was found where others can read it, such as a public repository."
        options={acts}
        value={draft.on_leak_report}
        onChange={({ target }) => onChange({ on_leak_report: target.value as Act })}
      />
      <SelectField
        name="on_plain_http"
        label="When a key comes over an unencrypted connection"
        hint="The request is refused either way: whoever listened has the key."
        options={acts}
        value={draft.on_plain_http}
        onChange={({ target }) => onChange({ on_plain_http: target.value as Act })}
      />
    </div>
  );
}
