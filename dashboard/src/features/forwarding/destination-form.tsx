import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useMode, useSend } from '../../api/index.ts';
import { Card, Form, SelectField, TextField, toast, type Values } from '../../ui/index.ts';
import { type Destination, destinationsPath, parts } from './data.ts';

const types = [
  { value: 'application/json', label: 'JSON' },
  { value: 'application/x-www-form-urlencoded', label: 'Form' },
];
const hints = {
  number: '/card/number',
  expiry: '/card/exp_month, /card/exp_year',
  code: '/card/cvc',
  name: '/card/holder',
} as const satisfies Record<keyof typeof parts, string>;

/** Names a place that cards may be sent to. */
export function DestinationForm(): ReactNode {
  const mode = useMode();
  const send = useSend<Destination, schemas.CreateForwardDestination>({
    path: destinationsPath,
    refresh: [destinationsPath],
  });
  const name = async (values: Values) => {
    const made = await send.mutateAsync({
      name: values['name'] ?? '',
      url: values['url'] ?? '',
      content_type: values['content_type'] as schemas.ForwardContentType,
      fields: fieldsOf(values),
    });
    toast(
      `${made.name} was named`,
      made.status === 'active' ? 'Test cards may be sent there.' : 'Another person has to approve.',
    );
  };
  return (
    <Card
      title="Name a destination"
      text={
        mode === 'live'
          ? 'Another person approves or refuses it. Your factor is asked for again.'
          : 'In test mode, where there are test cards only, it counts at once.'
      }
    >
      <Form onSubmit={name} submit="Name it">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <TextField name="name" label="Name" maxLength={100} autoComplete="off" required />
          <SelectField name="content_type" label="Bodies are sent as" options={types} />
        </div>
        <TextField
          name="url"
          type="url"
          label="URL"
          hint="Every request has to begin with it, e.g. https://api.loyalty.example/v1/"
          maxLength={500}
          autoComplete="off"
          required
        />
        <fieldset className="grid items-start gap-4 sm:grid-cols-2">
          <legend className="mb-2 font-medium">Where a body may hold the card</legend>
          {Object.entries(parts).map(([part, label]) => (
            <TextField
              key={part}
              name={`fields.${part}`}
              label={label}
              hint={`e.g. ${hints[part as keyof typeof parts]}`}
              autoComplete="off"
              spellCheck={false}
              required={part === 'number'}
            />
          ))}
        </fieldset>
      </Form>
    </Card>
  );
}

function fieldsOf(values: Values): schemas.ForwardFields {
  const pairs = Object.keys(parts).flatMap((part) => {
    const places = (values[`fields.${part}`] ?? '').split(',').map((place) => place.trim());
    const named = places.filter((place) => place !== '');
    return named.length === 0 ? [] : [[part, named] as const];
  });
  return Object.fromEntries(pairs);
}
