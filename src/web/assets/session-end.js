/**
 * Tells, some minutes before, that the session will end, and lets it go on (WCAG 2.2.1). All tabs know of each other's requests: a session lives as long as
 * the last of them. When it has ended, a page into which nothing was typed goes to the sign-in; one with typed text stays, for the text is kept when it is sent.
 */
const WARN_SECONDS = 5 * 60;
const LOOK_EVERY_MS = 5_000;
const KEY = 'puente-asked-at';

export default function sessionEnd(dialog) {
  const part = (name) => dialog.querySelector(`[data-session="${name}"]`);
  const idleMs = Number(dialog.dataset.idle) * 1_000;
  const endsAt = Date.now() + Number(dialog.dataset.left) * 1_000;
  const time = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'always' });
  let isClosed = false;
  let hasTyped = false;
  let said = '';
  const asked = () => localStorage.setItem(KEY, String(Date.now()));
  const left = () => Math.min(Number(localStorage.getItem(KEY) ?? 0) + idleMs, endsAt) - Date.now();

  const show = (name) => {
    for (const one of ['soon', 'last', 'over']) part(one).hidden = one !== name;
    part('stay').hidden = name !== 'soon';
    dialog.setAttribute('aria-describedby', name === 'soon' ? 'session-end-what' : part(name).id || (part(name).id = `session-end-${name}`));
    if (!dialog.open && !isClosed) dialog.showModal();
  };
  const look = () => {
    const seconds = Math.ceil(left() / 1_000);
    if (seconds <= 0) {
      if (!hasTyped) return location.assign(`/sign-in?done=ended&next=${encodeURIComponent(location.pathname + location.search)}`);
      if (said !== 'over') isClosed = false;
      said = 'over';
      return show('over');
    }
    if (seconds > WARN_SECONDS) {
      if (dialog.open) dialog.close();
      isClosed = false;
      return undefined;
    }
    part('left').textContent = time.format(Math.ceil(seconds / 60), 'minute');
    return show(endsAt - Date.now() <= WARN_SECONDS * 1_000 ? 'last' : 'soon');
  };

  part('stay').addEventListener('click', async () => {
    const answer = await fetch('/stay', { cache: 'no-store' }).catch(() => null);
    if (answer?.status === 204) asked();
    look();
  });
  part('close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    isClosed = true;
  });
  document.addEventListener('input', () => {
    hasTyped = true;
  });
  asked();
  setInterval(look, LOOK_EVERY_MS);
}
