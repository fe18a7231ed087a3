export type { PaymentDependencies } from './call-processor.ts';
export { countOpen } from './count-open.ts';
export { createPayment } from './create-payment.ts';
export type { Processor } from './processors/processor.ts';
export { simulator } from './processors/simulator.ts';
export { resolveAttempts } from './resolve-attempts.ts';
export { paymentRoutes } from './routes.ts';
