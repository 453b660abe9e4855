/** Listens to how far long work is. Where the stream cannot be had, the page's own link to look again remains. */
const SAID_EVERY_MS = 10_000;

export default function work(element) {
  const part = (name) => element.querySelector(`[data-work="${name}"]`);
  const stream = new EventSource(element.dataset.events);
  // With this, nobody needs a page that loads itself anew.
  stream.addEventListener('open', () => document.querySelector('[data-work="again"]')?.remove());
  let saidAt = 0;
  stream.addEventListener('progress', (event) => {
    const { state, done, total, text, counts } = JSON.parse(event.data);
    if (state !== 'running') {
      stream.close();
      location.reload();
      return;
    }
    part('text').textContent = text;
    part('counts').textContent = counts;
    if (total !== null) {
      part('bar').max = Math.max(1, total);
      part('bar').value = Math.min(done, total);
    }
    // A screen reader is told now and then, not at each step.
    if (Date.now() - saidAt < SAID_EVERY_MS) return;
    saidAt = Date.now();
    part('said').textContent = text;
  });
  addEventListener('pagehide', () => stream.close());
}
