import { bodyCollector, type Transport } from './transport.ts';

/** The default: `fetch`, the platform's own or one given by the caller. */
export function fetchTransport(fetchImplementation?: typeof globalThis.fetch): Transport {
  return async ({ url, signal, method, headers, body }) => {
    const send = fetchImplementation ?? globalThis.fetch;
    const init: RequestInit = { method, headers, signal, redirect: 'manual' };
    if (body !== undefined) init.body = body;
    const response = await send(url, init);
    const collector = bodyCollector();
    if (response.body !== null) for await (const chunk of response.body) collector.add(chunk);
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      text: collector.text(),
    };
  };
}
