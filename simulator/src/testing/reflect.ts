/**
 * The certificate library's dependency container asks for the metadata part of `Reflect`, but
 * the parts of it used here never read any, so that answering nothing is enough.
 */
const nothing = () => undefined;
const metadata = { getMetadata: nothing, getOwnMetadata: nothing, defineMetadata: nothing };

for (const [name, value] of Object.entries(metadata)) {
  if (!(name in Reflect)) Object.defineProperty(Reflect, name, { value, configurable: true });
}
