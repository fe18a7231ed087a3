export { CardFindings } from './findings.ts';
export { tellOfFindings } from './note-finding.ts';
export { cardDataRoutes } from './routes.ts';
