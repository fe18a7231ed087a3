import type { Hello } from '../wire.ts';
import type { Place } from './place.ts';

/**
 * A port to the merchant's page. The page gets it if its origin is the one that the vault was asked
 * about and that may frame this document (`frame-ancestors`); otherwise the browser drops it.
 */
export function callParent({ nonce, parentOrigin }: Place): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const hello: Hello = { payos: 'hello', nonce };
  window.parent.postMessage(hello, parentOrigin, [port2]);
  return port1;
}

/** Tells the page why the frame will not work; only a page of the origin in question hears it. */
export function refuseParent({ nonce, parentOrigin }: Place, code: string): void {
  const refused: Hello = { payos: 'refused', nonce, code };
  window.parent.postMessage(refused, parentOrigin);
}
