import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../../../platform/errors.ts';
import type { Language } from '../../../platform/config.ts';
import type { Ctx } from '../../../platform/context.ts';
import { translator } from '../../../platform/i18n.ts';
import { json } from '../answer.ts';
import type { Handler } from '../answer.ts';
import { loadDescription } from '../description.ts';
import { typeAddress } from '../problem.ts';
import { PROBLEM_TYPES } from '../problem-types.ts';
import type { ProblemType } from '../problem-types.ts';

const SCHEMAS = new URL('../../../../schemas/', import.meta.url);
/** What messages and files of partners stand under; the other schemas are our own affair. */
const PUBLISHED: Readonly<Record<string, string>> = {
  'xsd/puente-message.v1.xsd': 'application/xml',
  'json/message.v1.json': 'application/json',
  'csv/disbursement-register.v1.json': 'application/json',
};
const kept = new Map<string, Buffer>();

export const getSchema: Handler = async ({ path }) => {
  const name = `${path['folder']}/${path['file']}`;
  const type = Object.hasOwn(PUBLISHED, name) ? PUBLISHED[name] : undefined;
  if (type === undefined) throw new AppError('not_found', 'api.not_found');
  let bytes = kept.get(name);
  if (!bytes) kept.set(name, bytes = readFileSync(new URL(name, SCHEMAS)));
  return { content: { type, bytes } };
};

export const getDescription: Handler = async () => ({ content: { type: 'application/yaml', bytes: Buffer.from(loadDescription().yaml) } });
export const getDescriptionJson: Handler = async () => ({ content: { type: 'application/json', bytes: Buffer.from(loadDescription().json) } });

export const listErrors: Handler = async ({ ctx, language }) => json({ items: (Object.keys(PROBLEM_TYPES) as ProblemType[]).map((type) => documented(ctx, type, language)) });

export const getError: Handler = async ({ ctx, path, language, accepted }) => {
  const type = path['errorType'] as string;
  if (!Object.hasOwn(PROBLEM_TYPES, type)) throw new AppError('not_found', 'api.not_found');
  const known = documented(ctx, type as ProblemType, language);
  if (accepted !== 'text/html') return json(known, 200, { 'Vary': 'Accept, Accept-Language', 'Content-Language': language });
  return { headers: { 'Vary': 'Accept, Accept-Language', 'Content-Language': language }, content: { type: 'text/html', bytes: Buffer.from(page(known, language)) } };
};

interface Documented { readonly type: string; readonly status: number; readonly title: string; readonly description: string }

function documented(ctx: Pick<Ctx, 'config'>, type: ProblemType, language: Language): Documented {
  const words = translator(language);
  return { type: typeAddress(ctx, type), status: PROBLEM_TYPES[type], title: words(`api:problems.${type}.title`), description: words(`api:problems.${type}.text`) };
}

/** For a person who opens the address of a type. */
function page({ title, status, description }: Documented, language: Language): string {
  return `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${plain(title)}</title></head>\n`
    + `<body><main><h1>${plain(title)}</h1><p>HTTP ${status}</p><p>${plain(description)}</p></main></body>\n</html>\n`;
}

const plain = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What an answer is known by: its digest. */
export const etagOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url');
