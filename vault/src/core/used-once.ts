/**
 * Remembers what may be used once. In two halves that take turns, so that forgetting costs nothing:
 * each name is remembered for at least `windowMs`, and for less than twice that.
 *
 * @param windowMs for how long a name could be used again
 * @param most names per half; beyond it nothing is taken, rather than forgotten too early
 * @param clock milliseconds, monotonic
 */
export function createUsedOnce(windowMs: number, most: number, clock: () => number) {
  let current = new Set<string>();
  let before = new Set<string>();
  let since = clock();

  function turn(): void {
    const elapsed = clock() - since;
    if (elapsed < windowMs) return;
    before = elapsed < 2 * windowMs ? current : new Set();
    current = new Set();
    since = clock();
  }

  return {
    take(name: string): 'first' | 'again' | 'full' {
      turn();
      if (current.has(name) || before.has(name)) return 'again';
      if (current.size >= most) return 'full';
      current.add(name);
      return 'first';
    },
  };
}

export type UsedOnce = ReturnType<typeof createUsedOnce>;
