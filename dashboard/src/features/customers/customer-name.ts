import type { schemas } from 'payos-contract';

type Named = Pick<schemas.Customer, 'id' | 'name' | 'email' | 'reference'>;

/** What a person calls this customer. */
export function customerName({ id, name, email, reference }: Named): string {
  return name ?? email ?? reference ?? id;
}
