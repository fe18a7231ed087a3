export type Column<T> = { title: string; of: (row: T) => string | number | null | undefined };

export type Output = {
  /** Lines of the result. */
  line: (text: string) => void;
  /** Lines for people beside the result; they do not get into a pipe. */
  remark: (text: string) => void;
  json: (value: unknown) => void;
  table: <T>(rows: readonly T[], columns: readonly Column<T>[], empty: string) => void;
};

type Stream = { write: (text: string) => unknown; isTTY?: boolean };

/**
 * On a terminal tables are aligned under titles; in a pipe they are tab-separated without titles.
 * Everything printed loses its control characters: names come from elsewhere, and a terminal
 * obeys what it reads.
 */
export function createOutput(stdout: Stream, stderr: Stream): Output {
  const line = (text: string) => void stdout.write(`${printable(text)}\n`);
  const remark = (text: string) => void stderr.write(`${printable(text)}\n`);
  return {
    line,
    remark,
    json: (value) => void stdout.write(`${escaped(JSON.stringify(value, null, 2))}\n`),
    table: (rows, columns, empty) => {
      if (rows.length === 0) return remark(empty);
      const cells = rows.map((row) => columns.map(({ of }) => printable(String(of(row) ?? '-'))));
      if (stdout.isTTY !== true) {
        for (const row of cells) stdout.write(`${row.join('\t')}\n`);
        return;
      }
      const titles = columns.map(({ title }) => title.toUpperCase());
      for (const text of aligned([titles, ...cells])) line(text);
    },
  };
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  const pad = (cell: string, index: number) => cell.padEnd(widths[index] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

/** Means the same to whoever parses it: JSON itself only escapes control characters of ASCII. */
function escaped(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Control characters and marks that turn the writing direction become visible. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
