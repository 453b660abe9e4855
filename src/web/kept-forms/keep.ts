import { inTransaction, operatorActor } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { newFormId } from '../form-id.ts';
import { deleteBeyond, deleteExpired, deleteKept, findKept, insertKept } from './kept-form.store.ts';

export const KEPT_MS = 60 * 60_000;
/** What a form can hold at most, once it has been read; beyond, it is not kept, and the sender is told so by the usual page. */
const CHARACTERS_MAX = 256 * 1024;
export const KEPT_PER_OWNER_MAX = 20;

/** What was typed, by field, in the order of the form. */
export interface KeptForm {
  /** Which form of its page it was. */
  readonly at: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly hadFile: boolean;
}

type Where = Omit<Ctx, 'actor' | 'tx'>;
const asOperator = (where: Where): Ctx => ({ ...where, actor: operatorActor(where.config) });
const boundTo = (agency: string, keptId: string, owner: Buffer): string => `kept_forms:${agency}:${keptId}:${owner.toString('base64url')}`;

/** Keeps what was typed for its owner alone; null where it is too much. */
export async function keepForm(where: Where, owner: Buffer, form: KeptForm): Promise<string | null> {
  const text = JSON.stringify(form);
  if (text.length > CHARACTERS_MAX) return null;
  const keptId = newFormId();
  const content = where.keys.encrypt(text, boundTo(where.config.agency, keptId, owner));
  const expiresAt = new Date(where.clock.now().getTime() + KEPT_MS);
  await inTransaction(asOperator(where), async (tx) => {
    await deleteExpired(tx);
    await insertKept(tx, { keptId, owner, content, expiresAt });
    await deleteBeyond(tx, owner, KEPT_PER_OWNER_MAX);
  });
  return keptId;
}

/** Gives it back to its owner, as often as the page is read, until the form is sent or its hour is over. */
export async function keptForm(where: Where, keptId: string, owners: readonly Buffer[]): Promise<KeptForm | null> {
  const found = await inTransaction(asOperator(where), (tx) => findKept(tx, keptId, owners));
  if (!found) return null;
  try {
    return JSON.parse(where.keys.decrypt(found.content, boundTo(where.config.agency, keptId, found.owner)).toString('utf8')) as KeptForm;
  } catch (error) {
    // Keys that have gone since: it is as if it had not been kept.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The form has been sent: what was kept of it has served. */
export async function forgetForm(where: Where, keptId: string, owners: readonly Buffer[]): Promise<void> {
  await inTransaction(asOperator(where), (tx) => deleteKept(tx, keptId, owners));
}

export const isKeptId = (text: string): boolean => /^[\w-]{24}$/.test(text);

/** For the housekeeping: also where nobody keeps anything any more. */
export { deleteExpired as sweepKeptForms };
