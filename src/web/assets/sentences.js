/** A page of sentences: Ctrl+Enter saves and goes on to the next one, as the button of the sentence does. */
export default function sentences(form) {
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const button = event.target.closest('section')?.querySelector('button[name=after]');
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  // The server says by the address which sentence is next.
  const next = location.hash.startsWith('#t') ? document.getElementById(location.hash.slice(1)) : null;
  if (next?.form === form) next.focus();
}
