export { type PeopleDependencies, peopleRoutes } from './routes.ts';
