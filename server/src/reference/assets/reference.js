// Adds a filter to the navigation and copy buttons to code. The pages work without either.
const menu = document.querySelector('.menu');
const wide = matchMedia('(min-width: 64rem)');

/** Always open beside the text; folded above it. */
function adaptMenu() {
  menu.open = wide.matches;
}
adaptMenu();
wide.addEventListener('change', adaptMenu);
menu.addEventListener('click', (event) => {
  if (event.target.closest('a') && !wide.matches) menu.open = false;
});

const filter = document.createElement('input');
filter.type = 'search';
filter.placeholder = 'Filter';
filter.setAttribute('aria-label', 'Filter the navigation');
filter.addEventListener('input', () => {
  const wanted = filter.value.trim().toLowerCase();
  for (const group of menu.querySelectorAll('section')) {
    let shown = false;
    for (const item of group.querySelectorAll('li')) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
      shown ||= !item.hidden;
    }
    group.hidden = !shown;
  }
});
document.getElementById('navigation').prepend(filter);

addEventListener('DOMContentLoaded', () => {
  for (const block of document.querySelectorAll('figure.code')) {
    const button = document.createElement('button');
    const label = block.querySelector('figcaption').textContent;
    button.type = 'button';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy: ${label}`);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(block.querySelector('code').textContent);
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
    block.querySelector('figcaption').append(button);
  }
});
