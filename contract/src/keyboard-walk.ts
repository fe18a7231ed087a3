/** The keys of a QWERTY keyboard, row by row, with how far each row is moved to the right. */
const rows: readonly (readonly [keys: string, offset: number])[] = [
  ['1234567890-=', 0],
  ['qwertyuiop[]', 0.5],
  ["asdfghjkl;'", 0.75],
  ['zxcvbnm,./', 1.25],
];

const places = new Map(
  rows.flatMap(([keys, offset], row) =>
    [...keys].map((key, column) => [key, { row, x: column + offset }] as const),
  ),
);

/** Share of steps to a key beside the one before, or to the same, from which it is a walk. */
const walkShare = 0.75;

/**
 * Whether a password is a walk over the keyboard, such as `1q2w3e4r5t6y7u8i9o`: long, without a
 * word in it, and among the first that attackers try.
 */
export function isKeyboardWalk(password: string): boolean {
  const keys = [...password.toLowerCase()];
  const steps = keys.slice(1).filter((key, index) => areNeighbours(keys[index] ?? '', key));
  return keys.length > 1 && steps.length / (keys.length - 1) >= walkShare;
}

function areNeighbours(one: string, other: string): boolean {
  const [a, b] = [places.get(one), places.get(other)];
  if (a === undefined || b === undefined) return one === other;
  return Math.abs(a.row - b.row) <= 1 && Math.abs(a.x - b.x) <= 1;
}
