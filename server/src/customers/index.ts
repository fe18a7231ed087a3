export { ensureCustomer } from './create-customer.ts';
export { toCardDisplay } from './customer.ts';
export { customersFound } from './customer-page.ts';
export { describeCards } from './describe-cards.ts';
export { findCustomer } from './get-customer.ts';
export { chargeableCard, getPaymentMethod } from './payment-methods.ts';
export { customerRoutes } from './routes.ts';
export { savePaymentMethod } from './save-payment-method.ts';
export { settleCards } from './settle-cards.ts';
