export { AddressGuard, checkDestination, EgressError, isBelow } from 'payos-egress';
export { type EgressAnswer, EgressClient, type EgressSettings } from './client.ts';
