/** A word for a POSIX shell, whatever is in it. */
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

type Call = {
  method: string;
  /** With its origin, e.g. `https://localhost:8443/v1/payments`. */
  url: string;
  body?: unknown;
  idempotencyKey?: string;
  /** The shell's variable with the key. */
  variable?: string;
};

/**
 * The request as it can be pasted into a shell in which `SECRET_KEY` is set, and `CA_FILE` too
 * where the installation made its own certificates, which is on this machine only.
 */
export function curlOf(call: Call): string {
  const { method, url, body, idempotencyKey, variable = 'SECRET_KEY' } = call;
  const isPlain = method === 'GET' || (method === 'POST' && body !== undefined);
  const lines = [
    `curl -sS${isPlain ? '' : ` -X ${method}`} ${quoted(url)}`,
    ...(hasOwnCa(url) ? ['--cacert "$CA_FILE"'] : []),
    `-H "Authorization: Bearer $${variable}"`,
    ...(idempotencyKey === undefined ? [] : [`-H ${quoted(`Idempotency-Key: ${idempotencyKey}`)}`]),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`]),
  ];
  return lines.join(' \\\n  ');
}

/** Whether an address is one of this machine, whose certificate no public CA has signed. */
export function hasOwnCa(url: string): boolean {
  return /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(url);
}

/** What the variables of the commands stand for. */
export function curlVariables(url: string): string {
  if (!hasOwnCa(url)) return 'SECRET_KEY is an API key of yours.';
  return (
    'SECRET_KEY and CA_FILE are in .payos/quickstart.json, which PayOS wrote when it first ' +
    'started: secret_key and ca_file.'
  );
}
