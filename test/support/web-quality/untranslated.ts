import { ancestors, attribute, ownText, wholeText } from './html.ts';
import type { Element, ParsedPage } from './html.ts';
import { unmarked } from './pseudo.ts';

const SPOKEN = ['title', 'alt', 'aria-label', 'aria-description', 'aria-roledescription', 'placeholder', 'label'];
const SILENT = new Set(['script', 'style', 'noscript', 'textarea', 'svg']);
/** What `Intl` writes into dates, times and amounts in Spanish, and codes of money: words of the culture, from no file of ours. */
const OF_CULTURE = /\b(?:a las?(?=\s\d)|de|ene|feb|mar|abr|may|jun|jul|ago|sep|sept|oct|nov|dic|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|lunes|martes|miércoles|jueves|viernes|sábado|domingo|a\.?\s?m|p\.?\s?m|PST|PDT|GMT|UTC|KST|USD|MXN|KRW|KB|kB|MB|GB|ms|hora)\b\.?/gu;
const A_WORD = /\p{L}{2,}/u;

/** Texts and attributes of a page that a reader would see or hear and that no locale gave; data is marked as data (`translate="no"`, `lang`). */
export function untranslated({ elements }: ParsedPage, isKnown: (text: string) => boolean): string[] {
  const data = elements.filter((element) => isData(element)).map((element) => wholeText(element).replace(/\s+/gu, ' ').trim()).filter((text) => text !== '').sort((a, b) => b.length - a.length);
  const found: string[] = [];
  for (const element of elements) {
    if (ancestors(element).some((one) => SILENT.has(one.tagName) || isData(one))) continue;
    const spoken = SPOKEN.map((name) => [name, attribute(element, name)] as const);
    const value = element.tagName === 'input' && ['submit', 'button', 'reset'].includes(attribute(element, 'type') ?? '') ? attribute(element, 'value') : null;
    for (const [name, text] of [['', ownText(element)] as const, ['value', value] as const, ...spoken]) {
      const left = withoutData(unmarked(text ?? ''), name === '' && element.tagName !== 'title' && element.tagName !== 'option' ? [] : data);
      // An official form is filled in in English: its own word stands beside the translation.
      const toSay = left.replace(/\S+\.(?:csv|pdf|xlsx|png|jpe?g)\b/giu, ' ').replace(OF_CULTURE, ' ').replace(element.tagName === 'option' ? /^ *· .*/u : /^$/u, '').trim();
      if (A_WORD.test(toSay) && !isKnown(toSay) && !isKnown(left)) found.push(`<${element.tagName}${name === '' ? '' : ` ${name}`}> ${left.slice(0, 100)}`);
    }
  }
  return found;
}

function withoutData(text: string, data: readonly string[]): string {
  return data.reduce((left, piece) => left.replaceAll(piece, ' '), text);
}

function isData(element: Element): boolean {
  if (element.tagName === 'html') return false;
  const lang = attribute(element, 'lang');
  return attribute(element, 'translate') === 'no' || (lang !== null && lang !== '') || (attribute(element, 'class') ?? '').split(' ').includes('pu-code') || element.tagName === 'code';
}
