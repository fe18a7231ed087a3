/**
 * Every text that a script of a page can reach from its global object: by own members, by getters
 * of prototypes, in maps and sets, through the whole document. An expression to run in the page.
 */
export const reachableTexts = `(() => {
  const texts = new Set();
  const seen = new Set();
  const waiting = [];
  const note = (value) => {
    if (value instanceof Promise) value.catch(() => {});
    if (typeof value === 'string') texts.add(value);
    else if (typeof value === 'symbol' || typeof value === 'number') texts.add(String(value));
    else if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
      if (!seen.has(value)) seen.add(value) && waiting.push(value);
    }
  };
  const tried = (read) => { try { note(read()) } catch {} };
  note(globalThis);
  for (let count = 0; waiting.length > 0 && count < 200_000; count += 1) {
    const one = waiting.pop();
    tried(() => Object.getPrototypeOf(one));
    for (let at = one; at !== null && at !== undefined; ) {
      let keys = [];
      try { keys = Reflect.ownKeys(at) } catch {}
      for (const key of keys) {
        note(key);
        tried(() => one[key]);
      }
      try { at = Object.getPrototypeOf(at) } catch { at = null }
    }
    if (one instanceof Map || one instanceof Set) for (const item of one) [item].flat().map(note);
  }
  if (waiting.length > 0) throw new Error('too much to look through');
  texts.delete('');
  return [...texts].join('\\n');
})()`;

/** What an origin keeps in the browser: names of everything that is there. */
export const keptTexts = `(async () => {
  const names = (list) => Array.from(list, String);
  const kept = {
    local: Object.entries(localStorage).flat(),
    session: Object.entries(sessionStorage).flat(),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: names(await caches.keys()),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookies: document.cookie,
    history: JSON.stringify(history.state),
    window: window.name,
  };
  return JSON.stringify(kept);
})()`;
/** The answer to {@link keptTexts} where nothing is kept. */
export const nothingKept = JSON.stringify({
  ...{ local: [], session: [], databases: [], caches: [], workers: 0 },
  ...{ cookies: '', history: 'null', window: '' },
});
