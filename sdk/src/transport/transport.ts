/** One HTTP exchange: no retries, no redirects. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

export type TransportRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** JSON; `undefined` sends no body. */
  body: string | undefined;
  signal: AbortSignal;
};

export type TransportResponse = {
  status: number;
  /** Value of a header, by its lower-case name. */
  header: (name: string) => string | undefined;
  text: string;
};

/** A page of 100 objects with full metadata is about 3 MB. */
export const responseBytesMax = 16 * 1024 * 1024;

/** Collects a body up to {@link responseBytesMax}. */
export function bodyCollector() {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  return {
    /** @throws RangeError beyond the maximum */
    add(chunk: Uint8Array): void {
      bytes += chunk.byteLength;
      if (bytes > responseBytesMax) throw new RangeError('the answer is too large');
      chunks.push(chunk);
    },
    text: () => new TextDecoder().decode(concat(chunks, bytes)),
  };
}

function concat(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
