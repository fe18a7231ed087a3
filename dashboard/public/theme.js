// Runs before the first paint, so that a chosen theme does not flash. A script of its own, because
// the page's policy allows none inside the page.
(() => {
  try {
    const theme = localStorage.getItem('payos.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is switched off: the system's theme is used.
  }
})();
