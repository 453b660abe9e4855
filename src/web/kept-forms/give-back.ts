import type { Request } from 'express';
import type { Ctx } from '../../platform/context.ts';
import { LANGUAGES } from '../../platform/i18n.ts';
import type { Language } from '../../platform/i18n.ts';
import { formToken } from '../../http/index.ts';
import { ownAddress } from '../own-address.ts';
import { isKeptId, keepForm, keptForm } from './keep.ts';
import type { KeptForm } from './keep.ts';
import { markOf, ownerIn, ownerOf } from './mark.ts';
import type { Kind, Who } from './mark.ts';
import type { FormMarks } from './mark-forms.ts';

type Where = Omit<Ctx, 'actor' | 'tx'>;
type Body = Readonly<Record<string, unknown>>;

const bodyOf = (req: Request): Body => (req.body as Body | undefined) ?? {};
const textIn = (req: Request, name: string): string => {
  const value = bodyOf(req)[name];
  return typeof value === 'string' ? value : '';
};

/** Parts of an address that say what has just happened, or give back a form: they belong to one showing of the page. */
const PASSING = ['kept', 'done', 'language'];

/** The page on which the form of this request stands: itself; or, where a form was sent, the page that showed it. */
export function pageOf(req: Request): string {
  const isRead = req.method === 'GET' || req.method === 'HEAD';
  const named = isRead ? req.originalUrl : textIn(req, 'form_page') || ownReferer(req) || req.path;
  const url = new URL(ownAddress(named), 'http://here');
  for (const name of PASSING) url.searchParams.delete(name);
  return ownAddress(url.pathname + url.search);
}

function ownReferer(req: Request): string {
  const referer = req.get('referer') ?? '';
  if (!URL.canParse(referer)) return '';
  const url = new URL(referer);
  return url.host === req.host ? url.pathname + url.search : '';
}

/** Pages whose address is itself the secret: whoever has it gets back what was typed there. */
const SECRET_PAGE = /^\/payee\/[\w-]{20,100}$/;

function whoIs(req: Request, page: string): Who {
  const userId = (req.session as Request['session'] | undefined)?.userId;
  if (userId !== undefined) return { user: userId };
  const path = page.split('?')[0] ?? '';
  return SECRET_PAGE.test(path) ? { page: path } : { session: formToken(req) };
}

/** What the forms of the page that answers this request carry. */
export function marksFor(where: Where, req: Request): FormMarks {
  const page = pageOf(req);
  return { page, owner: () => markOf(where.keys, whoIs(req, page), where.clock.now()), kept: keptIn(req) };
}

/** A form that was sent and came back with faults is still the one that was given back. */
function keptIn(req: Request): FormMarks['kept'] {
  const [id, at] = [textIn(req, 'form_kept'), textIn(req, 'form_at')];
  return isKeptId(id) ? { id, at } : null;
}

/** The id of what this page is to give back, from its address. */
export function keptAsked(req: Request): string | null {
  const id = req.query['kept'];
  return req.method === 'GET' && typeof id === 'string' && isKeptId(id) ? id : null;
}

/** For the person who reads this page, and nobody else; null where it was sent, is too old, or somebody else's. */
export function keptFor(where: Where, req: Request, keptId: string): Promise<KeptForm | null> {
  return keptForm(where, keptId, ownersOf(where, req));
}

export function ownersOf(where: Where, req: Request): Buffer[] {
  const path = pageOf(req).split('?')[0] ?? '';
  const session = req.session as Request['session'] | undefined;
  const owners = SECRET_PAGE.test(path) ? [ownerOf(where.keys, { page: path })] : [];
  if (session?.userId !== undefined) owners.push(ownerOf(where.keys, { user: session.userId }));
  else if (session?.formToken !== undefined) owners.push(ownerOf(where.keys, { session: session.formToken }));
  return owners;
}

/** Keeps what this request's form holds, for the owner in its mark, who is whoever is signed in where anybody is. @returns the page with it; null where there is nothing to keep. */
export async function keepSent(where: Where, req: Request, kinds: readonly Kind[]): Promise<{ owner: Buffer; address: string } | null> {
  const mark = bodyOf(req)['form_owner'];
  const marked = kinds.map((kind) => ({ kind, owner: ownerIn(where.keys, mark, kind, where.clock.now()) })).find((one) => one.owner !== null);
  if (!marked?.owner) return null;
  const { kind, owner } = marked;
  // Whoever is signed in keeps for nobody else: on a shared computer the next person would put words into the form of the one before.
  const isSignedIn = (req.session as Request['session'] | undefined)?.userId !== undefined;
  if ((isSignedIn || kind === 'visit') && !ownersOf(where, req).some((own) => own.equals(owner))) return null;
  const keptId = await keepForm(where, owner, formIn(req));
  return keptId === null ? null : { owner, address: withKept(pageOf(req), keptId) };
}

function withKept(page: string, keptId: string): string {
  const url = new URL(page, 'http://here');
  url.searchParams.set('kept', keptId);
  return ownAddress(url.pathname + url.search);
}

/** Everything but passwords, files, and what the page itself put there. A date is kept as it was typed, in its three fields. */
function formIn(req: Request): KeptForm {
  const names = (field: string): string[] => textIn(req, field).split(' ').filter((name) => name !== '');
  const [secrets, files] = [names('form_secrets'), names('form_files')];
  const isTyped = (name: string): boolean => !name.startsWith('form_') && !secrets.includes(name) && !files.includes(name) && req.dates?.has(name) !== true && !/passw/i.test(name);
  const fields = Object.entries(bodyOf(req)).filter(([name]) => isTyped(name))
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string').map((one): [string, string] => [name, one as string]));
  const hadFile = files.some((name) => textIn(req, name) !== '') || (req.upload !== undefined && req.upload.fileName !== '');
  return { at: textIn(req, 'form_at').slice(0, 2_500), fields, hadFile };
}

export function languageIn(req: Request): Language | null {
  return LANGUAGES.find((language) => language === bodyOf(req)['form_language']) ?? null;
}
