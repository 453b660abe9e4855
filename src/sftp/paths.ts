import { LIMITS } from './limits.ts';

export type Place =
  | { readonly kind: 'folder'; readonly folder: Folder }
  | { readonly kind: 'file'; readonly folder: Exclude<Folder, '/'>; readonly name: string };

/** The whole tree: there is nothing else, for nobody. */
export const FOLDERS = ['/', '/inbox', '/outbox', '/outbox/picked-up', '/receipts'] as const;
export type Folder = (typeof FOLDERS)[number];

/** The path without `.`, `..` and doubled slashes, always inside the tree; null where no such path can be. */
export function normalPath(path: string): string | null {
  if (path.length > LIMITS.pathBytes || path.includes('\0')) return null;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** What a path means; null where nothing can be. */
export function placeOf(path: string): Place | null {
  const normal = normalPath(path);
  if (normal === null) return null;
  if (isFolder(normal)) return { kind: 'folder', folder: normal };
  const at = normal.lastIndexOf('/');
  const folder = normal.slice(0, at);
  const name = normal.slice(at + 1);
  if (!isFolder(folder) || folder === '/' || name.length > LIMITS.nameBytes) return null;
  return { kind: 'file', folder, name };
}

const isFolder = (path: string): path is Folder => (FOLDERS as readonly string[]).includes(path);

/** Names under which clients write before they rename to the real one: such a file is not finished when it is closed. */
export const isHalfName = (name: string): boolean => name.startsWith('.') || HALF_ENDING.test(name);
const HALF_ENDING = /(\.(part|partial|filepart|tmp|temp|uploading|writing)|~)$/i;

/** What a half name most likely becomes. */
export const finalNameOf = (name: string): string => name.replace(/^\.+/, '').replace(HALF_ENDING, '') || 'upload';
