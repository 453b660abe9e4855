/** Asks before the page is left while something has been typed into a form and was not sent. */
const changed = new Set();

export default function unsaved(form) {
  form.addEventListener('input', () => changed.add(form));
  // Asked last: what another module holds back has not been sent.
  addEventListener('submit', (event) => {
    if (event.target === form && !event.defaultPrevented) changed.delete(form);
  });
  form.addEventListener('pu:sent', () => changed.delete(form));
  addEventListener('pageshow', () => changed.delete(form));
}

addEventListener('beforeunload', (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
