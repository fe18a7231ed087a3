type Library = typeof import('@peculiar/x509');

/**
 * Loads the certificate library, which takes longer than everything else at start: only when a
 * certificate has to be made. One of its parts insists on metadata functions on `Reflect` while it
 * is loaded, although what we use needs no metadata; they are there for that long and no longer.
 */
export async function loadX509(): Promise<Library> {
  if ('getMetadata' in Reflect) return import('@peculiar/x509');
  const names = ['getMetadata', 'getOwnMetadata', 'defineMetadata'];
  for (const name of names) Reflect.set(Reflect, name, () => undefined);
  try {
    return await import('@peculiar/x509');
  } finally {
    for (const name of names) Reflect.deleteProperty(Reflect, name);
  }
}
