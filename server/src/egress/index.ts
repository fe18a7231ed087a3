export { AddressGuard } from './address-guard.ts';
export { type EgressAnswer, EgressClient, type EgressSettings } from './client.ts';
export { checkDestination } from './destination.ts';
export { EgressError } from './errors.ts';
