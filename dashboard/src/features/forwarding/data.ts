import type { schemas } from 'payos-contract';
import { useCan } from '../../api/index.ts';
import type { BadgeTone } from '../../ui/index.ts';
import { useMembers } from '../members/index.ts';

export type Destination = schemas.ForwardDestination;
export type DestinationPage = { data: Destination[]; has_more: boolean };
export type Summary = schemas.ForwardSummary;

export const destinationsPath = '/v1/forward_destinations';

export const destinationStates: Readonly<Record<Destination['status'], [string, BadgeTone]>> = {
  pending: ['Waits for approval', 'warn'],
  active: ['Active', 'ok'],
  refused: ['Refused', 'neutral'],
  removed: ['Removed', 'neutral'],
};

export const forwardStates: Readonly<Record<Summary['status'], [string, BadgeTone]>> = {
  sending: ['On its way', 'neutral'],
  answered: ['Answered', 'ok'],
  not_sent: ['Not sent', 'neutral'],
  unknown: ['Unknown', 'warn'],
};

/** The parts of a card, as people call them. */
export const parts = {
  number: 'Number',
  expiry: 'Expiry',
  code: 'Security code',
  name: 'Name',
} as const satisfies Record<keyof schemas.ForwardFields, string>;

/** Where each part may stand, a line each. */
export function sayFields(fields: schemas.ForwardFields): string[] {
  return Object.entries(fields).map(([part, places]) => {
    return `${parts[part as keyof typeof parts]}: ${places.join(', ')}`;
  });
}

/** The name of a member, for those who may see members; else the id. */
export function useNameOf(): (id: string | null) => string {
  const may = useCan()('members:read');
  const members = useMembers(may);
  return (id) => members.data?.data.find((one) => one.id === id)?.name ?? id ?? '';
}
