/**
 * A form with a file is sent in the background, so that a connection that breaks loses nothing that was typed or chosen: the page stays, says so, and the
 * button sends again. What the server answers is shown as the browser itself would have shown it.
 */
export default function upload(form) {
  const button = form.querySelector('button[type=submit], button:not([type])');
  if (!button) return;
  const say = form.querySelector('[data-upload-says]') ?? added(button);
  // A form may have words of its own; these are the common ones.
  const words = { ...document.body.dataset, ...form.dataset };
  form.addEventListener('submit', (event) => {
    // The choice of a language is no sending.
    if (event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    if (button.disabled) return;
    const request = new XMLHttpRequest();
    const over = (text) => {
      button.disabled = false;
      say.textContent = text;
    };
    request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) say.textContent = words.progress.replace('{percent}', String(Math.floor((loaded / total) * 100)));
    });
    request.addEventListener('error', () => over(words.lost));
    request.addEventListener('abort', () => over(words.lost));
    request.addEventListener('load', () => {
      form.dispatchEvent(new CustomEvent('pu:sent'));
      const isElsewhere = request.responseURL !== '' && new URL(request.responseURL).href !== new URL(form.getAttribute('action'), location.href).href;
      if (isElsewhere) return location.assign(request.responseURL);
      const answer = new DOMParser().parseFromString(request.responseText, 'text/html');
      document.title = answer.title;
      document.querySelector('main').replaceWith(answer.querySelector('main'));
      document.querySelectorAll('main [data-module~="upload"]').forEach(upload);
      document.querySelector('main [autofocus], main').focus();
    });
    button.disabled = true;
    request.open('POST', form.getAttribute('action'));
    request.send(new FormData(form, event.submitter));
  });
}

/** Where to say how it goes, for forms that have no place for it. */
function added(button) {
  const place = document.createElement('p');
  place.setAttribute('role', 'status');
  button.before(place);
  return place;
}
