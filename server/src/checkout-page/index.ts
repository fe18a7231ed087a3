export { authenticateByCheckout } from './authenticate-visitor.ts';
export { type CheckedSecret, checkSecret } from './check-secret.ts';
export { checkoutPageRoutes } from './routes.ts';
