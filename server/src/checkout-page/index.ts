export { authenticateByCheckout } from './authenticate-visitor.ts';
export { type CheckedSecret, checkSecret } from './check-secret.ts';
export { checkoutPageRoutes } from './routes.ts';
export { serveLogos } from './serve-logos.ts';
export { serveCheckoutPage } from './serve-page.ts';
