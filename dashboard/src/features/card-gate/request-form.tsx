import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useSend } from '../../api/index.ts';
import { now } from '../../clock.ts';
import {
  Card,
  Checkbox,
  Choices,
  Form,
  SelectField,
  TextField,
  toast,
  type Values,
} from '../../ui/index.ts';
import { type Attestation, gatePaths, levels } from './data.ts';

const levelOptions = Object.entries(levels).map(([value, label]) => ({ value, label }));
const dayMs = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
/** Days are those of UTC, on which the API compares times. */
const startOf = (day: string) => new Date(Date.parse(day)).toISOString();
/** The whole of the last day counts. */
const endOf = (day: string) => new Date(Date.parse(day) + dayMs).toISOString();

async function hashOf(file: File): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Asks for the gate to be opened. The document is read here and goes nowhere. */
export function RequestForm(): ReactNode {
  const [scopes, setScopes] = useState({ raw_cards: false, reveal: false });
  const [hash, setHash] = useState('');
  const send = useSend<Attestation, schemas.RequestCardGate>({
    path: '/v1/card_gate/attestations',
    refresh: gatePaths,
  });
  const ask = async (values: Values) => {
    await send.mutateAsync({
      level: values['level'] as Attestation['level'],
      assessor: values['assessor'] ?? '',
      document_sha256: hash.trim().toLowerCase(),
      ...(values['valid_from'] && { valid_from: startOf(values['valid_from']) }),
      valid_until: endOf(values['valid_until'] ?? ''),
      scopes,
      ...(scopes.reveal && { limits: limitsOf(values) }),
    });
    toast('You asked for the card gate', 'Another person has to approve it.');
  };
  return (
    <Card
      title="Ask for it to be opened"
      text="Another person approves or rejects it. Your factor is asked for again."
    >
      <Form onSubmit={ask} submit="Ask for it" disabled={!scopes.raw_cards && !scopes.reveal}>
        <Choices legend="What is to be opened">
          <Checkbox
            label="Card numbers from servers"
            hint="Keys with cards:create_raw may send them in live mode"
            checked={scopes.raw_cards}
            onChange={({ target }) => setScopes({ ...scopes, raw_cards: target.checked })}
          />
          <Checkbox
            label="Reading stored cards"
            hint="Keys with cards:reveal get them, sealed to a reveal key"
            checked={scopes.reveal}
            onChange={({ target }) => setScopes({ ...scopes, reveal: target.checked })}
          />
        </Choices>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <SelectField name="level" label="Attestation" options={levelOptions} />
          <TextField
            name="assessor"
            label="Assessor, or who signed"
            maxLength={200}
            autoComplete="off"
            required
          />
          <TextField
            type="file"
            label="The document"
            hint="It is not sent: its SHA-256 is made here"
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              if (file !== undefined) void hashOf(file).then(setHash);
            }}
          />
          <TextField
            name="document_sha256"
            label="SHA-256 of the document"
            pattern="[0-9A-Fa-f]{64}"
            autoComplete="off"
            spellCheck={false}
            required
            value={hash}
            onChange={({ target }) => setHash(target.value)}
          />
          <Times />
        </div>
        {scopes.reveal && <Limits />}
      </Form>
    </Card>
  );
}

function Times(): ReactNode {
  return (
    <>
      <TextField
        name="valid_from"
        type="date"
        label="Counts from"
        hint="Empty: at once. 90 days ahead at most; until then the one before it counts"
        min={dayOf(now())}
        max={dayOf(now() + 90 * dayMs)}
      />
      <TextField
        name="valid_until"
        type="date"
        label="Its last day"
        hint="A year at most"
        min={dayOf(now())}
        max={dayOf(now() + 365 * dayMs)}
        required
      />
    </>
  );
}

const limits = [
  ['key_per_hour', 'Each key, in an hour', 20],
  ['key_per_day', 'Each key, in a day', 100],
  ['all_per_hour', 'All keys, in an hour', 20],
  ['all_per_day', 'All keys, in a day', 100],
] as const;

function limitsOf(values: Values): schemas.RevealLimits {
  const pairs = limits.map(([name]) => [name, Number(values[name])]);
  return Object.fromEntries(pairs) as schemas.RevealLimits;
}

function Limits(): ReactNode {
  return (
    <fieldset className="grid items-start gap-4 sm:grid-cols-2">
      <legend className="mb-2 font-medium">Cards read at most</legend>
      {limits.map(([name, label, usual]) => (
        <TextField
          key={name}
          name={name}
          type="number"
          label={label}
          min={1}
          max={name.endsWith('hour') ? 1000 : 5000}
          defaultValue={usual}
          required
        />
      ))}
    </fieldset>
  );
}
