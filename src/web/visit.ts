import type { Request, Response } from 'express';
import type { Readable } from 'node:stream';
import type { Ctx } from '../platform/context.ts';
import type { Permission } from '../platform/authorise.ts';
import type { Language, Translate } from '../platform/i18n.ts';
import type { Format } from './format.ts';

/** One request for one page: by whom, in which language. */
export interface Visit {
  /** The signed-in person; on a public page a visitor without roles. */
  readonly ctx: Ctx;
  readonly isSignedIn: boolean;
  /** Came in by a password for the first sign-in: every page leads to the own account until it is changed. */
  readonly mustChangePassword: boolean;
  /** Of the account, raised by every change of its rights. */
  readonly revision: number;
  readonly language: Language;
  readonly t: Translate;
  readonly format: Format;
  readonly req: Request;
  readonly res: Response;
}

export interface View {
  kind: 'view';
  /** Folder of the page below src/web: `attorney/case`. */
  page: string;
  data: Record<string, unknown>;
  status?: number;
  /** Of a page that has languages of its own: the first is the page's, and the visitor may choose among them. */
  languages?: readonly Language[];
}

export interface Redirect {
  kind: 'redirect';
  to: string;
}

export interface Download {
  kind: 'download';
  bytes: Uint8Array | Readable;
  type: string;
  fileName: string;
  isInline: boolean;
}

/** Server-sent events. `begin` gets how to tell one and how to end, and gives what stops it; null where too many listen already. */
export interface EventStream {
  kind: 'events';
  begin(tell: (event: string) => void, end: () => void): (() => void) | null;
}

/** There is nothing to show. */
export interface Nothing {
  kind: 'nothing';
}

export type Reply = View | Redirect | Download | EventStream | Nothing;
export type Handler = (visit: Visit) => Promise<Reply>;

/** A page, as data: its address, who may open it, what it answers. The use cases authorise again by themselves. */
export interface Page {
  readonly path: string;
  /** 'public' needs no sign-in, 'signed-in' any account. */
  readonly access: Permission | 'public' | 'signed-in';
  readonly get?: Handler;
  readonly post?: Handler;
}

export function view(page: string, data: Record<string, unknown>, status = 200): View {
  return { kind: 'view', page, data, status };
}

export function redirect(to: string): Redirect {
  return { kind: 'redirect', to };
}

/** A field of the form that was sent; text only, without surrounding white space, never longer than the limit. */
export function field(visit: Visit, name: string, charactersMax = 10_000): string {
  return textOf((visit.req.body as Record<string, unknown> | undefined)?.[name], charactersMax);
}

/** A field that may stand several times, such as a group of checkboxes. */
export function fields(visit: Visit, name: string, countMax = 50): string[] {
  const value = (visit.req.body as Record<string, unknown> | undefined)?.[name];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.slice(0, countMax).map((item) => textOf(item, 200)).filter((item) => item !== '');
}

export function queryText(visit: Visit, name: string, charactersMax = 200): string {
  const value = visit.req.query[name];
  return textOf(Array.isArray(value) ? value[0] : value, charactersMax);
}

const PAGE_NUMBER_MAX = 100_000;

/** The page of a list that the query asks for; anything strange is the first. */
export function queryPage(visit: Visit): number {
  const text = queryText(visit, 'page', 7);
  const page = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 1;
  return Math.min(page, PAGE_NUMBER_MAX);
}

/** The same for a list whose pages begin behind the last row of the page before (`pagingBehind`). */
export function queryPlace(visit: Visit): { readonly page: number; readonly after: string } {
  return { page: queryPage(visit), after: queryText(visit, 'after', 80) };
}

/** Part of an address, such as `:caseId`. */
export function pathText(visit: Visit, name: string): string {
  return textOf(visit.req.params[name], 200);
}

function textOf(value: unknown, charactersMax: number): string {
  return typeof value === 'string' ? value.slice(0, charactersMax).trim() : '';
}
