import { buildPackage, builtFolder } from './build-package.ts';

export const builtFields = builtFolder('fields');

/** Brings `fields/dist` up to date; versions that were built before stay in it. */
export async function buildFields(root?: string): Promise<void> {
  const keeps = /^v\d+\.\d+\.\d+$/;
  await buildPackage(
    { name: 'fields', title: 'The secure fields', parameters: ['--app'], keeps },
    root,
  );
}
