export type { AssessmentDependencies } from './assess.ts';
export { assessmentRoutes } from './routes.ts';
export { type WeakenedBy, weakened } from './weakened.ts';
