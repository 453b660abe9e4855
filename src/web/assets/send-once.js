/** A form that was sent is not sent again by a second press; coming back to the page by the browser's own button frees it. */
export default function sendOnce(form) {
  let isSent = false;
  // Asked last, so that a form which another module sends in its own way does not count as sent.
  addEventListener('submit', (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    if (isSent) event.preventDefault();
    isSent = true;
  });
  addEventListener('pageshow', () => {
    isSent = false;
  });
}
