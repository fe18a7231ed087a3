export type JsonPart = {
  kind: 'key' | 'text' | 'number' | 'word' | 'other';
  text: string;
  /** Where it begins. */
  at: number;
};

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g;

/** Cuts JSON into parts by kind of value. Joined, they are the text again. */
export function markJson(text: string): JsonPart[] {
  const parts: JsonPart[] = [];
  let done = 0;
  const add = (kind: JsonPart['kind'], part: string, at: number) => {
    if (part !== '') parts.push({ kind, text: part, at });
  };
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, number] = match;
    add('other', text.slice(done, match.index), done);
    if (string === undefined) {
      add(number === undefined ? 'word' : 'number', whole, match.index);
    } else {
      add(colon === undefined ? 'text' : 'key', string, match.index);
      add('other', colon ?? '', match.index + string.length);
    }
    done = match.index + whole.length;
  }
  add('other', text.slice(done), done);
  return parts;
}
