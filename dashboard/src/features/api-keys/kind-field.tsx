import type { ReactNode } from 'react';
import { useFieldError } from '../../ui/form.tsx';
import { Card, Choices, Radio } from '../../ui/index.ts';
import type { ApiKey } from './data.ts';

type Kind = ApiKey['kind'];

const kinds: readonly { kind: Kind; label: string; hint: string }[] = [
  {
    kind: 'secret',
    label: 'Secret key',
    hint: 'For your server. Whoever has it can do what it may do: keep it out of pages and apps.',
  },
  {
    kind: 'publishable',
    label: 'Publishable key',
    hint: 'For your pages in the browser. It only turns card details into tokens.',
  },
  {
    kind: 'signing',
    label: 'Signing key',
    hint: 'For your server, without any secret at PayOS: each request is signed with your own key.',
  },
];

/** Where the key will be used decides what it is. */
export function KindField({
  kind,
  onChange,
}: {
  kind: Kind;
  onChange: (kind: Kind) => void;
}): ReactNode {
  const wrong = useFieldError('kind');
  return (
    <Card>
      <Choices legend="Where it will be used">
        {kinds.map(({ kind: one, label, hint }) => (
          <Radio
            key={one}
            name="kind"
            label={label}
            hint={hint}
            checked={one === kind}
            onChange={() => onChange(one)}
          />
        ))}
        {wrong !== undefined && (
          <p className="field-error" role="alert">
            {wrong}
          </p>
        )}
      </Choices>
    </Card>
  );
}
