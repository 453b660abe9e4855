import { defaultTreeAdapter as tree, parse, parseFragment, serialize } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import type { KeptForm } from './keep.ts';

type Element = DefaultTreeAdapterTypes.Element;
type ParentNode = DefaultTreeAdapterTypes.ParentNode;

const TEXTS = new Set(['text', 'email', 'tel', 'url', 'search', 'number', 'date', 'time', 'month', 'week', 'datetime-local']);

/** What is said above a page with a form that was given back. `left` found no place in it. */
export type Notice = (left: readonly string[]) => string;

/**
 * Puts what was typed back into its form, through a parser: values become attributes and text of a tree and are written out escaped.
 * Never into hidden fields, passwords and files. Where the form had not been touched, the page stays as it is, and nothing is said.
 */
export function refill(html: string, kept: KeptForm, notice: Notice): string {
  const document = parse(html, { scriptingEnabled: false });
  const before = serialize(document);
  const form = formOf(document, kept.at);
  const values = new Map<string, string[]>();
  for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) ?? []), value]);
  if (form) {
    const controls = elements(document).filter((element) => ['input', 'textarea', 'select', 'button'].includes(element.tagName) && formIs(element, form));
    for (const control of controls) fill(control, values);
  }
  const left = [...values.values()].flat().filter((value) => value.trim() !== '' && !/^[a-z]{3}_[0-9A-Z]{26}$/.test(value));
  if (left.length === 0 && !kept.hadFile && serialize(document) === before) return html;
  for (let up: ParentNode | null = form; up !== null; up = 'parentNode' in up ? up.parentNode : null) {
    if ('tagName' in up && up.tagName === 'details') set(up, 'open', '');
  }
  say(document, notice(left));
  return serialize(document);
}

/** A page of ours with a notice at the beginning of its content. */
export function withNotice(html: string, notice: string): string {
  const document = parse(html, { scriptingEnabled: false });
  say(document, notice);
  return serialize(document);
}

function say(document: ParentNode, notice: string): void {
  const main = elements(document).find((element) => element.tagName === 'main');
  if (!main) return;
  for (const node of parseFragment(notice).childNodes.reverse()) {
    const first = main.childNodes[0];
    if (first) tree.insertBefore(main, node, first);
    else tree.appendChild(main, node);
  }
}

/** The form itself; or, where its hidden values have changed, the only one with its address. */
function formOf(document: ParentNode, at: string): Element | null {
  const marks = elements(document).filter((element) => element.tagName === 'input' && get(element, 'name') === 'form_at');
  const address = (text: string): string => text.split(' ')[0] ?? '';
  const near = marks.filter((mark) => address(get(mark, 'value') ?? '') === address(at));
  const mark = marks.find((one) => get(one, 'value') === at) ?? (near.length === 1 ? near[0] : undefined);
  for (let up: ParentNode | null = mark ?? null; up !== null; up = 'parentNode' in up ? up.parentNode : null) {
    if ('tagName' in up && up.tagName === 'form') return up;
  }
  return null;
}

function formIs(element: Element, form: Element): boolean {
  const named = get(element, 'form');
  if (named !== null) return named === get(form, 'id');
  for (let up: ParentNode | null = element.parentNode; up !== null; up = 'parentNode' in up ? up.parentNode : null) if (up === form) return true;
  return false;
}

/** Takes from `values` what it puts into the control, and what was never typed. */
function fill(control: Element, values: Map<string, string[]>): void {
  const name = get(control, 'name');
  if (name === null || name.startsWith('form_') || get(control, 'disabled') !== null) return;
  const type = control.tagName === 'input' ? (get(control, 'type') ?? 'text') : control.tagName;
  const given = values.get(name) ?? [];
  if (type === 'checkbox' || type === 'radio') {
    const at = given.indexOf(get(control, 'value') ?? 'on');
    if (at >= 0) given.splice(at, 1);
    return at >= 0 ? set(control, 'checked', '') : unset(control, 'checked');
  }
  if (type === 'select') return choose(control, given);
  if (TEXTS.has(type) && given.length > 0) {
    const text = given.shift() ?? '';
    // A field without a value is as empty as one whose value is empty: it has not been touched.
    return text === (get(control, 'value') ?? '') ? undefined : set(control, 'value', text);
  }
  if (type === 'textarea' && given.length > 0) return write(control, given.shift() ?? '');
  if (!TEXTS.has(type) && type !== 'textarea') values.delete(name);
}

function choose(control: Element, given: string[]): void {
  const options = elements(control).filter((element) => element.tagName === 'option');
  const isMultiple = get(control, 'multiple') !== null;
  if (!isMultiple) {
    if (!options.some((option) => given.includes(valueOf(option)))) return;
    // What a browser shows where nothing is marked is the first; choosing that again changes nothing.
    const shown = options.find((option) => get(option, 'selected') !== null) ?? options[0];
    const at = shown ? given.indexOf(valueOf(shown)) : -1;
    if (at >= 0) {
      given.splice(at, 1);
      return;
    }
  }
  let isChosen = false;
  for (const option of options) {
    const at = isMultiple || !isChosen ? given.indexOf(valueOf(option)) : -1;
    if (at < 0) unset(option, 'selected');
    else {
      isChosen = true;
      given.splice(at, 1);
      set(option, 'selected', '');
    }
  }
}

const valueOf = (option: Element): string => get(option, 'value') ?? option.childNodes.map((child) => ('value' in child ? child.value : '')).join('').trim();

function write(control: Element, text: string): void {
  for (const child of [...control.childNodes]) tree.detachNode(child);
  const lines = text.replace(/\r\n?/g, '\n');
  // A line break at the very beginning is dropped when the page is read.
  tree.insertText(control, lines.startsWith('\n') ? `\n${lines}` : lines);
}

function elements(parent: ParentNode): Element[] {
  return parent.childNodes.flatMap((child) => ('tagName' in child ? [child, ...elements(child)] : []));
}

const get = (element: Element, name: string): string | null => element.attrs.find((one) => one.name === name)?.value ?? null;

function set(element: Element, name: string, value: string): void {
  const known = element.attrs.find((one) => one.name === name);
  if (known) known.value = value;
  else if (value !== '' || name !== 'value') element.attrs.push({ name, value });
}

function unset(element: Element, name: string): void {
  element.attrs = element.attrs.filter((one) => one.name !== name);
}
