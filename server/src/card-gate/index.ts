export { attestationColumns } from './attestation.ts';
export { readPassage } from './read-passage.ts';
export { cardGateRoutes } from './routes.ts';
export { tellOfGateEnds } from './tell-of-ends.ts';
