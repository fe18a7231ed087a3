import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

type Tab = { value: string; label: ReactNode; content: ReactNode };

/** Parts of one page, of which one is shown. Parts with an address of their own are `NavTabs`. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }): ReactNode {
  return (
    <Base.Root defaultValue={tabs[0]?.value} className="grid min-w-0 gap-4">
      <Base.List className="tabs" aria-label={label}>
        {tabs.map(({ value, label: text }) => (
          <Base.Tab key={value} value={value} className="tab">
            {text}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ value, content }) => (
        <Base.Panel key={value} value={value} className="min-w-0">
          {content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
