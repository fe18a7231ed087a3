import type { ReactNode } from 'react';
import { useCan } from '../../api/index.ts';
import { PageHeader } from '../../ui/index.ts';
import { DestinationForm } from './destination-form.tsx';
import { Destinations } from './destinations.tsx';
import { Forwards } from './forwards.tsx';

/** Where cards may be sent, and what was sent there. */
export default function Forwarding(): ReactNode {
  const can = useCan();
  return (
    <>
      <PageHeader
        title="Forwarding"
        text="The vault sends requests with cards to others, if people have said that it may.
          Whoever gets card numbers is in the scope of your PCI DSS assessment."
      />
      <div className="grid grid-cols-1 gap-5">
        <Destinations />
        {can('forwarding:write') && <DestinationForm />}
        <Forwards />
      </div>
    </>
  );
}
