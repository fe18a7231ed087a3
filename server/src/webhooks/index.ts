export { type WebhookRouteDependencies, webhookRoutes } from './routes.ts';
export { startWebhookWorker, type WebhookWorker, type WebhookWorkerOptions } from './worker.ts';
