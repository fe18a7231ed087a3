export type { ForwardDependencies } from './create-forward.ts';
export { forwardingRoutes } from './routes.ts';
export { closeLostForwards, sweepForwards } from './sweep-forwards.ts';
export { tellOfRemovals } from './tell-vault.ts';
