import { useSearchParams } from 'react-router';
import { useCan } from '../../api/index.ts';
import type { Filter, Option } from '../../ui/index.ts';
import { useMembers } from '../members/index.ts';

const kinds: readonly Option[] = [
  { value: 'sign_in.*', label: 'Sign-in: each factor' },
  { value: 'sign_in.fail', label: 'Sign-in: wrong tries' },
  { value: 'session.*', label: 'Sessions' },
  { value: 'step_up.*', label: 'Confirmations' },
  { value: 'account.*', label: 'Accounts' },
  { value: 'password.*', label: 'Passwords' },
  { value: 'factor.*', label: 'Factors' },
  { value: 'factor_reset.*', label: 'Lost factors' },
  { value: 'member.*', label: 'Members' },
  { value: 'invitation.*', label: 'Invitations' },
  { value: 'role.*', label: 'Roles' },
  { value: 'security_policy.*', label: 'Rules for signing in' },
  { value: 'organization.*', label: 'Organization' },
  { value: 'api_key.*', label: 'API keys' },
  { value: 'api_key_policy.*', label: 'Rules for API keys' },
  { value: 'card_gate.*', label: 'Card gate' },
  { value: 'forward.*', label: 'Forwarded cards' },
  { value: 'forward_destination.*', label: 'Destinations of cards' },
  { value: 'payment.*', label: 'Payments' },
  { value: 'refund.*', label: 'Refunds' },
  { value: 'customer.*', label: 'Customers' },
  { value: 'payment_method.*', label: 'Saved cards' },
  { value: 'webhook_endpoint.*', label: 'Webhook endpoints' },
  { value: 'webhook_delivery.*', label: 'Webhook deliveries' },
];

const modeOptions: readonly Option[] = [
  { value: 'test', label: 'Test' },
  { value: 'live', label: 'Live' },
  { value: 'none', label: 'Organization-wide' },
];

const actorTypeOptions: readonly Option[] = [
  { value: 'member', label: 'Members' },
  { value: 'account', label: 'People: sign-in, own account' },
  { value: 'api_key', label: 'API keys' },
  { value: 'operator', label: 'The machine' },
  { value: 'system', label: 'PayOS itself' },
];

/** The filters of the audit log. What the URL asks for is offered, known or not. */
export function useAuditFilters(): readonly Filter[] {
  const [params] = useSearchParams();
  const can = useCan();
  const members = useMembers(can('members:read'));
  const given = (name: string) => params.get(name) ?? '';
  const people = (members.data?.data ?? []).flatMap(({ id, account, name }) => [
    { value: id, label: shortened(name) },
    // As a person rather than as a member: signing in, and their own account.
    ...(given('actor') === account
      ? [{ value: account, label: `${shortened(name)}: own account` }]
      : []),
  ]);
  return [
    {
      kind: 'select',
      name: 'actor',
      label: 'Who',
      options: withGiven(people, given('actor')),
    },
    { kind: 'select', name: 'action', label: 'What', options: withGiven(kinds, given('action')) },
    { kind: 'select', name: 'actor_type', label: 'By', options: actorTypeOptions },
    { kind: 'select', name: 'mode', label: 'Mode', options: modeOptions },
    {
      kind: 'search',
      name: 'object_id',
      label: 'Object',
      placeholder: 'Id of an object, e.g. pay_…',
    },
    ...(given('request_id') === ''
      ? []
      : [{ kind: 'search', name: 'request_id', label: 'Request' } as const]),
    { kind: 'time', name: 'created_after', label: 'From' },
    { kind: 'time', name: 'created_before', label: 'Until' },
  ];
}

/** A list of the system is as wide as its longest entry. */
function shortened(name: string): string {
  const letters = [...name];
  return letters.length <= 30 ? name : `${letters.slice(0, 29).join('')}…`;
}

function withGiven(options: readonly Option[], given: string): readonly Option[] {
  if (given === '' || options.some(({ value }) => value === given)) return options;
  return [...options, { value: given, label: given }];
}
