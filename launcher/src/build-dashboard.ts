import { buildPackage, builtFolder } from './build-package.ts';

export const builtDashboard = builtFolder('dashboard');

/** Brings `dashboard/dist` up to date; see {@link buildPackage}. */
export async function buildDashboard(root?: string): Promise<void> {
  await buildPackage({ name: 'dashboard', title: 'The dashboard' }, root);
}
