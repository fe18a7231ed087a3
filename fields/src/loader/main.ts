import type { PayOSFunction } from '../../payos.d.ts';
import { createFields } from './fields.ts';

/** The vault is where this script came from; known only while it runs for the first time. */
const script = document.currentScript;
const home = script instanceof HTMLScriptElement ? originOf(script.src) : undefined;

function originOf(url: string): string | undefined {
  try {
    const { origin, protocol } = new URL(url);
    return protocol === 'https:' ? origin : undefined;
  } catch {
    return undefined;
  }
}

const payos: PayOSFunction = (key, options = {}) => {
  if (typeof key !== 'string' || key === '') throw new Error('PayOS: give a publishable key.');
  if (/^payos_sk_/.test(key)) {
    throw new Error('PayOS: this is a secret key. Replace it, and give a publishable key.');
  }
  const vault = options.vault === undefined ? home : originOf(options.vault);
  if (vault === undefined) throw new Error('PayOS: give the https origin of the vault.');
  const locale = options.locale ?? (document.documentElement.lang || navigator.language);
  return { fields: (more = {}) => createFields({ vault, key, locale }, more) };
};

window.PayOS = payos;
