import type { schemas } from 'payos-contract';
import type { Scope, ScopedContext } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { type CustomerRow, customerColumns, toCustomer } from './customer.ts';

const insertCustomer = statement(
  'customers.insert',
  `INSERT INTO customers (organization_id, id, mode, reference, name, email, metadata)
   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${customerColumns}`,
);
const insertReference = statement(
  'customers.ensure',
  `INSERT INTO customers (organization_id, id, mode, reference) VALUES ($1, $2, $3, $4)
   ON CONFLICT (organization_id, mode, reference) DO NOTHING RETURNING ${customerColumns}`,
);
const selectReference = statement(
  'customers.by_reference',
  'SELECT id FROM customers WHERE organization_id = $1 AND mode = $2 AND reference = $3',
);

/** Creates a customer. Two may not have the same `reference`. */
export async function createCustomer(
  ctx: ScopedContext,
  input: schemas.CreateCustomer,
): Promise<schemas.Customer> {
  const { organization, mode } = ctx.scope;
  const id = newId('customer');
  try {
    return await mutate(
      ctx,
      { permission: 'customers:write', audit: () => ({ action: 'customer.create', object: id }) },
      async (tx) => {
        const [row] = await tx.query<CustomerRow>(insertCustomer, [
          ...[organization, id, mode, input.reference ?? null, input.name ?? null],
          ...[input.email ?? null, JSON.stringify(input.metadata ?? {})],
        ]);
        return created(tx, row);
      },
    );
  } catch (error) {
    if (!violates(error, 'customers_reference')) throw error;
    const message = 'There is a customer with this `reference`.';
    throw fieldError('/reference', 'taken', message, 'Use that customer, or another reference.');
  }
}

/** The customer with this reference, created if there is none. Within the caller's transaction. */
export async function ensureCustomer(tx: Tx, scope: Scope, reference: string): Promise<string> {
  const { organization, mode } = scope;
  const values = [organization, newId('customer'), mode, reference];
  const [row] = await tx.query<CustomerRow>(insertReference, values);
  if (row !== undefined) return created(tx, row).id;
  const [found] = await tx.query<{ id: string }>(selectReference, [organization, mode, reference]);
  if (found === undefined) throw new Error('a customer vanished');
  return found.id;
}

function created(tx: Tx, row: CustomerRow | undefined): schemas.Customer {
  if (row === undefined) throw new Error('the customer was not inserted');
  const customer = toCustomer(row);
  tx.event({ type: 'customer.created', object: customer.id, data: customer });
  return customer;
}
