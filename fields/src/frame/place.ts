import { kinds, type Role } from '../wire.ts';

/** What the loader wrote into the address of this frame. Read once: a page can change fragments. */
export type Place = {
  key: string;
  /** Origin of the merchant's page. Messages to any other are not delivered. */
  parentOrigin: string;
  role: Role;
  /** Frames of one set of fields. Wiring, not a secret. */
  group: string;
  nonce: string;
  locale: string;
};

/** @returns undefined where it was not written by the loader */
export function readPlace({ search, hash }: Location): Place | undefined {
  const query = new URLSearchParams(search);
  const fragment = new URLSearchParams(hash.slice(1));
  const role = [...kinds, 'controller' as const].find((name) => name === fragment.get('role'));
  const [key, parentOrigin] = [query.get('key'), query.get('origin')];
  const [group, nonce] = [fragment.get('group'), fragment.get('nonce')];
  if (!role || !key || !parentOrigin || !group || !nonce) return undefined;
  return { key, parentOrigin, role, group, nonce, locale: fragment.get('locale') ?? 'en' };
}
