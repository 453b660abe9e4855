import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { authoriseSuspense } from './access.ts';
import { insertNote, lockDecisions, selectNotes } from './decision.store.ts';
import { assertItem } from './item.store.ts';

const NOTE_CHARACTERS_MAX = 2_000;

const aad = (ctx: Ctx, noteId: string): string => `suspense_notes:${ctx.actor.agency}:${noteId}`;

/** @throws AppError `suspense.note_invalid`. */
export async function keepNote(ctx: TxCtx, itemKey: string, text: string, decisionId: string | null): Promise<string> {
  const note = text.normalize('NFC').trim();
  if (note === '' || note.length > NOTE_CHARACTERS_MAX || /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/u.test(note)) throw new AppError('invalid', 'suspense.note_invalid', { params: { field: 'note', most: NOTE_CHARACTERS_MAX } });
  const noteId = newId('nte');
  await insertNote(ctx, { noteId, itemKey, decisionId, note: ctx.keys.encrypt(note, aad(ctx, noteId)) });
  return noteId;
}

/** Writes something down about an item. People write names into notes: they are kept encrypted and stand in no record of events. */
export async function addSuspenseNote(ctx: Ctx, itemKey: string, text: string): Promise<string> {
  authoriseSuspense(ctx, 'suspense.decide');
  return inTransaction(ctx, async (tx) => {
    await assertItem(tx, itemKey);
    // Not beside a decision that has looked for notes already (`assertSeen`).
    await lockDecisions(tx);
    const noteId = await keepNote(tx, itemKey, text, null);
    await recordAudit(tx, { action: 'suspense.noted', subject: { type: 'suspense_item', id: itemKey }, details: { noteId } });
    return noteId;
  });
}

export type SuspenseNote = { readonly noteId: string; readonly decisionId: string | null; readonly text: string; readonly writtenBy: string; readonly writtenAt: Date };

export async function readNotes(ctx: TxCtx, itemKey: string): Promise<SuspenseNote[]> {
  return (await selectNotes(ctx, itemKey)).map(({ note, ...row }) => ({ ...row, text: ctx.keys.decrypt(note, aad(ctx, row.noteId)).toString('utf8') }));
}
