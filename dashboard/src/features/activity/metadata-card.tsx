import type { ReactNode } from 'react';
import { Card, Details } from '../../ui/index.ts';

/** The merchant's own key-value pairs; nothing where there are none. */
export function MetadataCard({
  metadata,
}: {
  metadata: Readonly<Record<string, string>>;
}): ReactNode {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return null;
  return (
    <Card title="Metadata">
      <Details entries={entries} />
    </Card>
  );
}
