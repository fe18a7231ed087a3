export { AddressGuard, checkDestination, EgressError } from 'payos-egress';
export { type EgressAnswer, EgressClient, type EgressSettings } from './client.ts';
