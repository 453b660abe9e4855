import { isAllowed } from '../../src/platform/authorise.ts';
import type { Permission, Role } from '../../src/platform/authorise.ts';
import { PAGES } from '../../src/web/pages.ts';
import type { WebVisitor } from './web-visitor.ts';

export interface Place { readonly who: string; readonly pattern: string; readonly address: string }
const PATTERNS = PAGES.filter((page) => page.get).map(({ path, access }) => ({ path, access, regexp: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`) }))
  .sort((a, b) => a.path.split(':').length - b.path.split(':').length);
const NOT_VISITED = /\bas=csv\b|language=|^\/(assets|sign-out|api)\b|\/events\b/;
/** Of each page and person so many addresses are measured, and so many that differ in what they ask are opened. */
const MEASURED = 3;
const OPENED = 12;

/** Files that are handed out are no pages: of some the world has none. */
export const isFile = (pattern: string): boolean => /(file|paper\/:version|papers\/:position|\/message|\.\w+|pdf|container|sets)$/.test(pattern);

export function patternOf(address: string): string | null {
  const path = address.split('?')[0] ?? '';
  return (PATTERNS.find((one) => one.path === path) ?? PATTERNS.find(({ regexp }) => regexp.test(path)))?.path ?? null;
}

/** What one person saw: pages to measure; pages that lead on, and files, with what they answered; what could not be opened. */
export interface Seen { readonly places: Place[]; readonly leadOn: Set<string>; readonly files: Place[]; readonly broken: string[] }

/** Ids in addresses, by the name that they have in the addresses of pages: what one person saw, another may ask for. */
export class KnownIds {
  readonly #ids = new Map<string, string[]>();

  learn(address: string): void {
    const pattern = patternOf(address);
    if (pattern === null) return;
    const values = (address.split('?')[0] ?? '').split('/');
    for (const [at, part] of pattern.split('/').entries()) {
      const [value, name] = [values[at]?.replace(/\.\w+$/, '') ?? '', part.replace(/\.\w+$/, '').slice(1)];
      if (!part.startsWith(':') || value === '') continue;
      const known = this.#ids.get(name) ?? [];
      if (!known.includes(value) && known.length < 200) this.#ids.set(name, [...known, value]);
    }
  }

  /** Addresses of a page, made of ids that were seen. */
  addressesOf(pattern: string): string[] {
    const names = [...pattern.matchAll(/:(\w+)/g)].map((match) => match[1] as string);
    const most = Math.max(1, ...names.map((name) => this.#ids.get(name)?.length ?? 0));
    return Array.from({ length: most }, (_, n) => pattern.replace(/:(\w+)/g, (_whole, name: string) => {
      const known = this.#ids.get(name) ?? [];
      return known[n % Math.max(1, known.length)] ?? 'none';
    }));
  }
}

/** Follows every link of every page from these addresses on, as far as there are pages of a kind not seen often enough. */
export async function crawl(who: string, visitor: WebVisitor, from: readonly string[], known: KnownIds): Promise<Seen> {
  const waiting = ['/', ...PATTERNS.map(({ path }) => path).filter((path) => !path.includes(':')), ...from];
  const opened = new Map<string, Set<string>>();
  const seen: Seen = { places: [], leadOn: new Set(), files: [], broken: [] };
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const pattern = patternOf(address);
    if (pattern === null || NOT_VISITED.test(address)) continue;
    const before = opened.get(pattern) ?? opened.set(pattern, new Set()).get(pattern) as Set<string>;
    if (before.size >= OPENED || before.has(address)) continue;
    before.add(address);
    waiting.push(...await openOne({ who, pattern, address }, visitor, seen, known));
  }
  return seen;
}

/** Opens one address and files it; gives where it leads. */
async function openOne({ who, pattern, address }: Place, visitor: WebVisitor, seen: Seen, known: KnownIds): Promise<string[]> {
  const { status, location, text, type } = await visitor.get(address);
  if (status >= 500) seen.broken.push(`${who} ${address} ${status}`);
  if (status === 303 && location !== null) {
    seen.leadOn.add(pattern);
    return [location];
  }
  if (status === 204) seen.leadOn.add(pattern);
  if (status !== 200) return [];
  const list = type.startsWith('text/html') ? seen.places : seen.files;
  if (list.filter((place) => place.pattern === pattern).length < MEASURED) list.push({ who, pattern, address });
  const found = [...text.matchAll(/(?:href|action|src)="(\/[^"#]*)/g)].map((match) => (match[1] as string).replaceAll('&amp;', '&'));
  for (const one of found) known.learn(one);
  return [...text.matchAll(/href="(\/[^"#]*)/g)].map((match) => (match[1] as string).replaceAll('&amp;', '&'));
}

/** What no link led this person to is asked for by ids that somebody saw. Gives the pages that they may open and of which there was none for them. */
export async function askForTheRest(who: string, roles: readonly Role[], visitor: WebVisitor, seen: Seen, known: KnownIds): Promise<string[]> {
  const missing: string[] = [];
  for (const { path, access } of PATTERNS) {
    if (NOT_VISITED.test(path) || seen.leadOn.has(path) || [...seen.places, ...seen.files].some(({ pattern }) => pattern === path) || !mayOpen(roles, access)) continue;
    for (const address of known.addressesOf(path)) {
      await openOne({ who, pattern: path, address }, visitor, seen, known);
      if (seen.leadOn.has(path) || [...seen.places, ...seen.files].some(({ pattern }) => pattern === path)) break;
    }
    if (!seen.leadOn.has(path) && ![...seen.places, ...seen.files].some(({ pattern }) => pattern === path)) missing.push(path);
  }
  return missing;
}

function mayOpen(roles: readonly Role[], access: 'public' | 'signed-in' | Permission): boolean {
  if (access === 'public') return true;
  return roles.length > 0 && (access === 'signed-in' || isAllowed({ actor: { kind: 'user', roles } as never }, access));
}
