/** Why a body was refused. `code` is an entry of the error table. */
type JsonRefusal = {
  code: 'malformed_json' | 'duplicate_key' | 'too_deeply_nested' | 'invalid_text';
  detail: string;
};

/** Deepest nesting of objects and arrays that a request body may have. */
const jsonDepthMax = 16;

type Parsed = { ok: true; value: unknown } | { ok: false; refusal: JsonRefusal };

/**
 * Parses JSON the way a payment system must: what two parsers could read differently is refused.
 *
 * Beyond `JSON.parse` it refuses duplicate keys (RFC 8259 §4 leaves their meaning open), nesting
 * beyond {@link jsonDepthMax}, the prototype-polluting key `__proto__`, NUL characters (PostgreSQL
 * text cannot hold them) and lone surrogates (not valid Unicode, RFC 8259 §8.2).
 */
export function parseStrictJson(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('malformed_json', 'The body is not valid JSON.');
  }
  return scan(text) ?? { ok: true, value };
}

/** One pass over text that `JSON.parse` has already accepted, so its syntax can be trusted. */
function scan(text: string): Parsed | undefined {
  const keysByDepth: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      keysByDepth.push(char === '{' ? new Set() : undefined);
      if (keysByDepth.length > jsonDepthMax) {
        return refuse(
          'too_deeply_nested',
          `The body is nested deeper than ${jsonDepthMax} levels.`,
        );
      }
    } else if (char === '}' || char === ']') {
      keysByDepth.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      const content: string = JSON.parse(text.slice(at, end + 1));
      const problem = checkString(content, isKey(text, end), keysByDepth.at(-1));
      if (problem !== undefined) return problem;
      at = end;
    }
  }
  return undefined;
}

function checkString(content: string, key: boolean, keys: Set<string> | undefined) {
  if (content.includes('\0')) return refuse('invalid_text', 'A string contains a NUL character.');
  if (!content.isWellFormed()) {
    return refuse('invalid_text', 'A string contains half of a Unicode surrogate pair.');
  }
  if (!key || keys === undefined) return undefined;
  if (content === '__proto__') return refuse('malformed_json', 'The key "__proto__" is refused.');
  if (keys.has(content)) {
    return refuse('duplicate_key', `The key ${JSON.stringify(content.slice(0, 60))} occurs twice.`);
  }
  keys.add(content);
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at += 1;
  return text[at] === ':';
}

function refuse(code: JsonRefusal['code'], detail: string): Parsed {
  return { ok: false, refusal: { code, detail } };
}
