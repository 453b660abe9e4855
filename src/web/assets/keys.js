/**
 * Keys for work that is done all day: one letter each, only while nothing is being typed, never one that sends anything. Each can be given
 * another key, and all can be switched off (WCAG 2.1.4); this browser remembers it. What a key does, a link or a field of the page does too.
 */
const KEPT_UNDER = 'puente.keys';
const TYPED_INTO = 'textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox]):not([type=submit]):not([type=button])';
const CONTROLS = 'input:not([type=hidden]), select, textarea, button';

export default function keys(element) {
  const dialog = element.querySelector('dialog');
  const inputs = [...dialog.querySelectorAll('[data-keys-of]')];
  const usual = Object.fromEntries(inputs.map((input) => [input.dataset.keysOf, input.defaultValue]));
  const isOn = dialog.querySelector('[data-keys-on]');
  let settings = kept();
  show();
  element.hidden = false;

  element.querySelector('[data-keys-open]').addEventListener('click', () => dialog.showModal());
  dialog.querySelector('[data-keys-usual]').addEventListener('click', () => keep({ isOff: false, keys: {} }));
  dialog.addEventListener('change', () => keep({ isOff: !isOn.checked, keys: Object.fromEntries(inputs.map((input) => [input.dataset.keysOf, input.value.trim().toLowerCase()])) }));
  document.addEventListener('keydown', (event) => {
    if (!isForUs(event) || dialog.open) return;
    if (event.key === '?' && !settings.isOff) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const action = rowBeside(event) ?? actionOf(event);
    if (action !== undefined && perform(action)) event.preventDefault();
  });

  function actionOf(event) {
    if (settings.isOff) return undefined;
    const key = letterOf(event);
    return Object.keys(usual).find((action) => keyOf(action) === key);
  }
  function keyOf(action) {
    return settings.keys[action] ?? usual[action];
  }
  function show() {
    isOn.checked = !settings.isOff;
    for (const input of inputs) input.value = keyOf(input.dataset.keysOf);
  }
  function kept() {
    try {
      const { isOff = false, keys: own = {} } = JSON.parse(localStorage.getItem(KEPT_UNDER) ?? '{}');
      return { isOff: isOff === true, keys: own };
    } catch {
      return { isOff: false, keys: {} };
    }
  }
  function keep(wanted) {
    // Other pages have other actions: what was chosen there stays.
    const own = wanted.isOff === false && Object.keys(wanted.keys).length === 0 ? {} : { ...settings.keys, ...wanted.keys };
    settings = { isOff: wanted.isOff, keys: Object.fromEntries(Object.entries(own).filter(([action, key]) => [...key].length <= 1 && key !== usual[action])) };
    show();
    try {
      localStorage.setItem(KEPT_UNDER, JSON.stringify(settings));
    } catch { /* a browser that keeps nothing: the choice holds for this page */ }
  }
}

function isForUs(event) {
  return !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.target.closest?.(TYPED_INTO);
}

/** A keyboard that is set to Hangul tells the place of the letter only. */
function letterOf(event) {
  const place = /^Key([A-Z])$/.exec(event.code);
  return (event.key.length > 1 || event.key > '\u007f') && place ? place[1].toLowerCase() : event.key.toLowerCase();
}

/** The arrows go through the list only once somebody is in it. */
function rowBeside(event) {
  if (!event.target.matches?.('[data-key-row]')) return undefined;
  return { ArrowDown: 'down', ArrowUp: 'up' }[event.key];
}

function perform(action) {
  if (action === 'down' || action === 'up') return step(action === 'down' ? 1 : -1);
  if (action === 'open') return open(document.activeElement);
  if (action === 'tick') return tick(document.activeElement);
  const target = document.querySelector(`[data-key~="${action}"]`);
  if (!target) return false;
  if (target.matches('a')) target.click();
  else bring(target);
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll('[data-key-row]')];
  const at = rows.indexOf(document.activeElement);
  const row = rows[at === -1 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  row?.focus();
  row?.scrollIntoView({ block: 'nearest' });
  return rows.length > 0;
}

function open(element) {
  if (!element?.matches('[data-key-row]')) return false;
  element.click();
  return true;
}

/** Ticks the row that somebody is in, or takes the tick away. */
function tick(element) {
  const box = element?.closest?.('tr')?.querySelector('input[type=checkbox]');
  if (!box) return false;
  box.checked = !box.checked;
  box.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}

/** Goes there and waits: whoever wants to send presses the button. */
function bring(target) {
  if (target.matches('details')) target.open = true;
  if (target.matches('input[type=radio]')) {
    target.checked = true;
    target.dispatchEvent(new Event('change', { bubbles: true }));
  }
  const isChosen = target.querySelector('input[type=radio]:checked');
  const control = target.matches(CONTROLS) ? target : target.querySelector(isChosen ? 'select' : CONTROLS);
  (control ?? target).focus();
  (control ?? target).scrollIntoView({ block: 'center' });
}
