export { AddressGuard } from './address-guard.ts';
export { bareHost, checkDestination, isBelow } from './destination.ts';
export { type Dialling, dial } from './dial.ts';
export { EgressError, type EgressFailure, toEgressError } from './errors.ts';
export { type Resolve, resolveHost } from './resolve.ts';
