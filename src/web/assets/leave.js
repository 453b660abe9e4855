/**
 * Leaves a page at once, by its link or by pressing Escape three times: nothing of it stays on the screen, and the browser's own "back" does not lead to it.
 */
const WITHIN_MS = 3_000;
const TIMES = 3;

export default function leave(link) {
  const go = () => {
    document.body.replaceChildren();
    document.title = '…';
    location.replace(link.href);
  };
  link.addEventListener('click', (event) => {
    event.preventDefault();
    go();
  });
  let pressed = [];
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    pressed = [...pressed, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN_MS);
    if (pressed.length >= TIMES) go();
  });
}
