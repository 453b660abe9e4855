/** Where a page has several forms, the choice of a language takes along the one into which something was typed last. */
export default function languages(nav) {
  let typed = null;
  document.addEventListener('input', (event) => {
    const form = event.target.form;
    if (form && form.querySelector('input[name="form_page"]')) typed = form;
  });
  for (const button of nav.querySelectorAll('button[name="form_language"]')) {
    button.addEventListener('click', () => {
      if (typed) button.setAttribute('form', typed.getAttribute('id'));
    });
  }
}
