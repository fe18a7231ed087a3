export { readMember } from './member.ts';
export { type PeopleDependencies, peopleRoutes } from './routes.ts';
