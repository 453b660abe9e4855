/** A form that was sent is not sent again by a second press; coming back to the page by the browser's own button frees it. */
export default function sendOnce(form) {
  let isSent = false;
  form.addEventListener('submit', (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  addEventListener('pageshow', () => {
    isSent = false;
  });
}
