import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { claimForm, findFormResult, setFormResult } from './submitted-form.store.ts';

/**
 * Does what a form asks for exactly once, however often its button is pressed: the form's own id and what it did commit
 * together. Sent again, it answers with the first result. A refusal leaves no trace, so the corrected form may be sent.
 * Whoever calls it has been authorised by the use case inside `work`.
 *
 * @throws AppError `identity.form_not_yours` (conflict) when the id belongs to another person's form.
 */
export async function submitOnce(ctx: Ctx, formId: string, work: (ctx: TxCtx) => Promise<string>): Promise<string> {
  if (!/^[0-9A-Za-z_-]{20,64}$/.test(formId)) throw new AppError('invalid', 'identity.form_id_form');
  return inTransaction(ctx, async (tx) => {
    if (await claimForm(tx, formId)) {
      const result = await work(tx);
      await setFormResult(tx, formId, result);
      return result;
    }
    const earlier = await findFormResult(tx, formId);
    if (earlier === null) throw new AppError('conflict', 'identity.form_not_yours');
    return earlier;
  });
}
