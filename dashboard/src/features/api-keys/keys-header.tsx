import type { ReactNode } from 'react';
import { useCan } from '../../api/index.ts';
import { LinkButton, NavTabs, PageHeader } from '../../ui/index.ts';
import { useSafety } from './data.ts';

const titles = {
  keys: [
    'API keys',
    'With a key your programs act for the organization. Each may do what you gave it.',
  ],
  safety: ['Key safety', 'What could be safer about your keys, the most urgent first.'],
  rules: ['Rules for API keys', 'They hold for every key of this mode, whoever made it.'],
} as const;

/** The head of the pages about all keys of the mode. */
export function KeysHeader({ page }: { page: keyof typeof titles }): ReactNode {
  const can = useCan();
  const { data } = useSafety();
  const urgent = data?.data.filter(({ severity }) => severity === 'high').length ?? 0;
  const [title, text] = titles[page];
  return (
    <div className="mb-4">
      <PageHeader
        title={title}
        text={text}
        actions={
          can('keys:write') ? (
            <LinkButton to="/api-keys/new" look="primary" icon="plus">
              Create a key
            </LinkButton>
          ) : undefined
        }
      />
      <NavTabs
        label="About API keys"
        links={[
          { to: '/api-keys', label: 'Keys' },
          { to: '/api-keys/safety', label: `Safety${urgent === 0 ? '' : ` (${urgent})`}` },
          { to: '/api-keys/rules', label: 'Rules' },
        ]}
      />
    </div>
  );
}
