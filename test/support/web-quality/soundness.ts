import { ancestors, attribute, wholeText } from './html.ts';
import type { Element, ParsedPage } from './html.ts';

const TYPED = new Set(['input', 'select', 'textarea']);
const BROKEN = /\{\{|\}\}|\[object |undefined|\bNaN\b|Invalid Date/u;

/** What is wrong with a page as it stands, without any browser: rules that hold for every page. */
export function unsound(page: ParsedPage, language: string): string[] {
  const { elements } = page;
  const of = (name: string): Element[] => elements.filter((element) => element.tagName === name);
  const ids = elements.map((element) => attribute(element, 'id')).filter((id) => id !== null);
  const wrong = [...page.repairs];
  if (attribute(of('html')[0] as Element, 'lang') !== language) wrong.push('another language than asked for');
  if (of('h1').length !== 1) wrong.push(`${of('h1').length} h1`);
  if (of('main').length !== 1) wrong.push(`${of('main').length} main`);
  if (wholeText(of('title')[0] as Element).split('–')[0]?.trim() === '') wrong.push('no title');
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) wrong.push(`id twice: ${id}`);
  for (const element of elements) wrong.push(...wrongWith(element, new Set(ids), elements));
  for (const main of of('main')) {
    const broken = BROKEN.exec(wholeText(main).replace(/\s+/gu, ' '));
    if (broken) wrong.push(`broken text: ${broken[0]}`);
  }
  return wrong;
}

function wrongWith(element: Element, ids: ReadonlySet<string>, all: readonly Element[]): string[] {
  const { tagName } = element;
  const wrong: string[] = [];
  const at = `<${tagName} ${attribute(element, 'name') ?? attribute(element, 'id') ?? attribute(element, 'href') ?? ''}>`;
  for (const { name } of element.attrs) if (name.startsWith('on') || name === 'style') wrong.push(`${at} has ${name} in the page`);
  if (tagName === 'style' || tagName === 'iframe' || tagName === 'base') wrong.push(`${at} stands in the page`);
  if (tagName === 'script' && attribute(element, 'src') === null) wrong.push('a script in the page');
  for (const name of ['src', 'href', 'action', 'formaction']) {
    const to = attribute(element, name);
    // The way out of a page for the public leads elsewhere, and tells nobody from where.
    if (to !== null && tagName === 'a' && (attribute(element, 'rel') ?? '').includes('noreferrer')) continue;
    if (to !== null && !/^(?:\/(?!\/)|#|\?|mailto:|tel:)/u.test(to)) wrong.push(`${at} leads to ${to.slice(0, 60)}`);
  }
  for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for', 'form', 'list']) {
    for (const id of (attribute(element, name) ?? '').split(' ')) if (id !== '' && !ids.has(id)) wrong.push(`${at} ${name} names ${id}, which is not there`);
  }
  if (tagName === 'a' && attribute(element, 'href') === null) wrong.push(`${at} without an address: ${wholeText(element).trim().slice(0, 40)}`);
  // Without scripts a button does something only in a form, or for one.
  // A module shows what is hidden and opens dialogs; without scripts they are not there.
  const isForScripts = ancestors(element).some((one) => one.tagName === 'dialog' || attribute(one, 'hidden') !== null);
  if (tagName === 'button' && !isForScripts && attribute(element, 'form') === null && !ancestors(element).some((one) => one.tagName === 'form')) wrong.push(`${at} in no form`);
  if (tagName === 'form' && !sends(element, all)) wrong.push(`${at} ${attribute(element, 'action') ?? ''} has nothing to send it with`);
  if (tagName === 'form' && attribute(element, 'method') === 'post' && !hasToken(element)) wrong.push(`${at} has no token`);
  if (TYPED.has(tagName) && !isNamed(element, all)) wrong.push(`${at} has no label`);
  if (tagName === 'img' && attribute(element, 'alt') === null) wrong.push(`${at} has no alt`);
  return wrong;
}

function sends(form: Element, all: readonly Element[]): boolean {
  const id = attribute(form, 'id');
  return all.some((element) => isSubmit(element) && (ancestors(element).includes(form) || (id !== null && attribute(element, 'form') === id)));
}

function isSubmit(element: Element): boolean {
  const type = attribute(element, 'type');
  return (element.tagName === 'button' && (type === null || type === 'submit')) || (element.tagName === 'input' && (type === 'submit' || type === 'image'));
}

function hasToken(form: Element): boolean {
  const below = (element: Element): Element[] => element.childNodes.flatMap((node) => ('tagName' in node ? [node, ...below(node)] : []));
  return below(form).some((element) => attribute(element, 'name') === 'form_token');
}

function isNamed(element: Element, all: readonly Element[]): boolean {
  const type = attribute(element, 'type') ?? '';
  if (['hidden', 'submit', 'button', 'reset', 'image'].includes(type)) return true;
  if (attribute(element, 'aria-label') !== null || attribute(element, 'aria-labelledby') !== null) return true;
  const id = attribute(element, 'id');
  return ancestors(element).some((one) => one.tagName === 'label') || all.some((one) => one.tagName === 'label' && id !== null && attribute(one, 'for') === id);
}
