/** What this browser remembers of a person's choices; never anything secret. */
export function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(`payos.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`payos.${key}`);
    else localStorage.setItem(`payos.${key}`, value);
  } catch {
    // Storage is switched off or full: the choice lasts until the page is closed.
  }
}
