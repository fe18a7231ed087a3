export { attestationColumns } from './attestation.ts';
export { closeForKeys } from './close-for-key.ts';
export { type Closed, closeOnIncident } from './close-gate.ts';
export { sweepRefusals } from './note-refusal.ts';
export { readPassage } from './read-passage.ts';
export { cardGateRoutes } from './routes.ts';
export { tellOfGateEnds } from './tell-of-ends.ts';
