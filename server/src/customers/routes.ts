import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { createCustomer } from './create-customer.ts';
import { deletePaymentMethod } from './delete-payment-method.ts';
import { findCustomer, listCustomers } from './get-customer.ts';
import { getPaymentMethod, listPaymentMethods } from './payment-methods.ts';
import { updatePaymentMethod } from './update-payment-method.ts';

const customer = Type.Object({ id: schemas.Id('customer') }, schemas.closed);
const method = Type.Object({ id: schemas.Id('paymentMethod') }, schemas.closed);

/** Customers and their saved cards. */
export function customerRoutes({ vault }: { vault: VaultClient }): Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/customers',
      permission: 'customers:write',
      summary: 'Create a customer',
      tag: 'Customers',
      body: schemas.CreateCustomer,
      response: { status: 201, schema: schemas.Customer },
      idempotency: 'optional',
      handle: (ctx, { body }) => createCustomer(ctx, body),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/customers',
      permission: 'customers:read',
      summary: 'List customers',
      tag: 'Customers',
      query: schemas.ListCustomers,
      response: { status: 200, schema: schemas.CustomerPage },
      handle: (ctx, { query }) => listCustomers(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/customers/:id',
      permission: 'customers:read',
      customerBound: true,
      summary: 'Retrieve a customer',
      tag: 'Customers',
      params: customer,
      response: { status: 200, schema: schemas.Customer },
      handle: (ctx, { params }) => findCustomer(ctx, params.id),
    }),
    ...paymentMethodRoutes(vault),
  ];
}

function paymentMethodRoutes(vault: VaultClient): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/payment_methods',
      permission: 'customers:read',
      customerBound: true,
      summary: 'List saved cards',
      tag: 'Payment methods',
      query: schemas.ListPaymentMethods,
      response: { status: 200, schema: schemas.PaymentMethodPage },
      handle: (ctx, { query }) => listPaymentMethods(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/payment_methods/:id',
      permission: 'customers:read',
      customerBound: true,
      summary: 'Retrieve a saved card',
      tag: 'Payment methods',
      params: method,
      response: { status: 200, schema: schemas.PaymentMethod },
      handle: (ctx, { params }) => getPaymentMethod(ctx, params.id),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/payment_methods/:id',
      permission: 'customers:write',
      customerBound: true,
      summary: 'Change expiry or name of a saved card',
      tag: 'Payment methods',
      params: method,
      body: schemas.UpdatePaymentMethod,
      response: { status: 200, schema: schemas.PaymentMethod },
      errors: ['card_expired', 'invalid_card', 'vault_unavailable', 'idempotency_conflict'],
      handle: (ctx, { params, body }) => updatePaymentMethod(ctx, vault, params.id, body),
    }),
    publicRoute({
      method: 'DELETE',
      path: '/v1/payment_methods/:id',
      permission: 'customers:write',
      customerBound: true,
      summary: 'Delete a saved card',
      tag: 'Payment methods',
      params: method,
      response: { status: 200, schema: schemas.Deleted },
      stepUp: 'delete_saved_card',
      handle: (ctx, { params }) => deletePaymentMethod(ctx, vault, params.id),
    }),
  ];
}
