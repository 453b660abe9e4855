import type TestAgent from 'supertest/lib/agent.js';
import { PAGES } from '../../../src/web/pages.ts';
import { attribute, parsePage } from './html.ts';
import type { Element, ParsedPage } from './html.ts';

export interface Opened {
  readonly address: string;
  /** The address of the page as the application knows it (`/cases/:caseId`), or null where none answers. */
  readonly path: string | null;
  readonly status: number;
  readonly html: string;
  readonly page: ParsedPage;
}

export interface FoundForm {
  readonly action: string;
  readonly encoding: string;
  readonly fields: readonly Field[];
}

export interface Field { readonly name: string; readonly value: string; readonly isTyped: boolean }

const PATTERNS = PAGES.map(({ path }) => [path, new RegExp(`^${path.replace(/:\w+/gu, '[^/]+')}$`, 'u')] as const)
  .sort(([a], [b]) => a.split(':').length - b.split(':').length);

export function pathOf(address: string): string | null {
  const { pathname } = new URL(address, 'http://here');
  return PATTERNS.find(([, pattern]) => pattern.test(pathname))?.[0] ?? null;
}

/** How many addresses that differ only in their ids are opened for each page; of those that differ only in what they ask of it, one. */
const ALIKE_MAX = 2;
/** Orders of a list look alike. */
const ORDERS = new Set(['sort', 'order', 'direction', 'page', 'per_page', 'language']);
/** Files, pictures and events. */
export const NO_PAGES = /\.(?:pdf|zip|asice|png|csv|svg)$|\/(?:pdf|image|events|export)\b|format=csv/u;

/** Follows every link from these addresses, as one person, and tells each page that opened. */
export async function crawl(agent: TestAgent, from: readonly string[], language: string, tell: (opened: Opened) => void, asked: Set<string>): Promise<void> {
  const waiting = [...from];
  const alike = new Map<string, number>();
  const known = new Set<string>();
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const url = new URL(address, 'http://here');
    url.searchParams.delete('language');
    const clean = url.pathname + url.search;
    const names = [...url.searchParams].filter(([name, value]) => value !== '' && !ORDERS.has(name)).map(([name, value]) => (name === 'done' || name === 'move' ? `${name}=${value}` : name));
    const shape = `${pathOf(clean) ?? url.pathname}?${names.sort().join('&')}`;
    if (known.has(clean) || NO_PAGES.test(clean) || (alike.get(shape) ?? 0) >= (names.length > 0 ? 1 : ALIKE_MAX)) continue;
    known.add(clean);
    alike.set(shape, (alike.get(shape) ?? 0) + 1);
    const opened = await open(agent, clean, language, asked);
    if (opened === null) continue;
    tell(opened);
    for (const element of opened.page.elements) {
      const to = element.tagName === 'a' ? attribute(element, 'href') : null;
      if (to !== null && /^[/?](?!\/)/u.test(to)) waiting.push(new URL(to, `http://here${clean}`).href.slice('http://here'.length).replace(/#.*$/u, ''));
    }
  }
}

/** A page in a language; null where the address answers with something else than a page. */
export async function open(agent: TestAgent, address: string, language: string, asked = new Set<string>()): Promise<Opened | null> {
  let at = `${address}${address.includes('?') ? '&' : '?'}language=${language}`;
  for (let hops = 0; hops < 5; hops += 1) {
    const answer = await agent.get(at);
    if (answer.status < 400) asked.add(pathOf(at) ?? at);
    if (answer.status >= 300 && answer.status < 400) {
      at = answer.headers['location'] ?? '/';
      continue;
    }
    return answer.type === 'text/html' ? { address: at, path: pathOf(at), status: answer.status, html: answer.text, page: parsePage(answer.text) } : null;
  }
  return null;
}

/** The forms of a page that change something. */
export function formsOf({ page, address }: Opened): FoundForm[] {
  return page.elements.filter((element) => element.tagName === 'form' && attribute(element, 'method') === 'post').map((form) => ({
    action: new URL(attribute(form, 'action') ?? '', `http://here${address}`).href.slice('http://here'.length),
    encoding: attribute(form, 'enctype') ?? '',
    fields: below(form).flatMap(fieldOf),
  }));
}

function fieldOf(element: Element): Field[] {
  const name = attribute(element, 'name');
  const type = attribute(element, 'type') ?? (element.tagName === 'input' ? 'text' : '');
  if (name === null || (element.tagName === 'button' && name === 'form_language')) return [];
  if (element.tagName === 'input' && ['radio', 'checkbox', 'file', 'submit'].includes(type)) return [];
  if (!['input', 'textarea', 'select', 'button'].includes(element.tagName)) return [];
  return [{ name, value: attribute(element, 'value') ?? '', isTyped: element.tagName === 'textarea' || (element.tagName === 'input' && type !== 'hidden') }];
}

function below(element: Element): Element[] {
  return element.childNodes.flatMap((node) => ('tagName' in node ? [node, ...below(node)] : []));
}
