export { RequestLog } from './request-log.ts';
export { requestRoutes } from './routes.ts';
export { sweepRequests } from './sweep-requests.ts';
