import { buildPackage } from './build-package.ts';

/** Brings `checkout/dist` up to date; see {@link buildPackage}. */
export async function buildCheckout(root?: string): Promise<void> {
  await buildPackage({ name: 'checkout', title: 'The checkout page' }, root);
}
