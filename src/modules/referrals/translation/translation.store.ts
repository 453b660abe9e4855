import type { TxCtx } from '../../../platform/context.ts';
import { FINAL_STATES } from '../lifecycle/lifecycle-table.rules.ts';
import type { TextState, Translator } from './text.rules.ts';

/** A text as it is kept, still encrypted. */
export interface TextRow {
  readonly textId: string;
  readonly referralId: string;
  readonly county: string;
  readonly sourceId: string;
  readonly participantId: string | null;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly sourceEncrypted: Buffer;
  readonly namesEncrypted: Buffer;
  readonly sourceDigest: Buffer;
  readonly sentences: number;
  readonly state: TextState;
  readonly translatorName: string | null;
  readonly qualification: string | null;
  readonly translatedOn: string | null;
  readonly declaredBy: string | null;
  readonly updatedAt: Date;
  readonly takenBy: string | null;
  readonly takenUntil: Date | null;
}

const COLUMNS = `text_id as "textId", referral_id as "referralId", county, source_id as "sourceId", participant_id as "participantId",
  source_language as "sourceLanguage", target_language as "targetLanguage", source_encrypted as "sourceEncrypted", names_encrypted as "namesEncrypted",
  source_digest as "sourceDigest", sentences, state, translator_name as "translatorName", qualification, translated_on::text as "translatedOn",
  declared_by as "declaredBy", updated_at as "updatedAt", taken_by as "takenBy", taken_until as "takenUntil"`;

export async function selectTexts(ctx: TxCtx, referralId: string): Promise<TextRow[]> {
  return ctx.tx.query<TextRow[]>(
    `select ${COLUMNS} from referral_texts where agency_id = $1 and referral_id = $2 order by source_id, participant_id nulls first, target_language`,
    [ctx.actor.agency, referralId],
  );
}

export async function findText(ctx: TxCtx, referralId: string, textId: string, lock: 'lock' | 'read' = 'read'): Promise<TextRow | null> {
  const rows = await ctx.tx.query<TextRow[]>(
    `select ${COLUMNS} from referral_texts where agency_id = $1 and referral_id = $2 and text_id = $3 ${lock === 'lock' ? 'for update' : ''}`,
    [ctx.actor.agency, referralId, textId],
  );
  return rows[0] ?? null;
}

/** Adds a text, or gives the one of the same source its new content; what was declared about another content is taken back. */
export async function upsertText(ctx: TxCtx, text: Omit<TextRow, 'state' | 'translatorName' | 'qualification' | 'translatedOn' | 'declaredBy' | 'updatedAt' | 'takenBy' | 'takenUntil'>): Promise<void> {
  await ctx.tx.query(
    `insert into referral_texts (agency_id, text_id, referral_id, county, source_id, participant_id, source_language, target_language,
                                 source_encrypted, names_encrypted, source_digest, sentences, state, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13)
     on conflict (agency_id, text_id) do update set source_language = excluded.source_language, source_encrypted = excluded.source_encrypted,
       names_encrypted = excluded.names_encrypted, source_digest = excluded.source_digest, sentences = excluded.sentences, state = 'open',
       translator_name = null, qualification = null, translated_on = null, declared_by = null, updated_at = excluded.updated_at`,
    [ctx.actor.agency, text.textId, text.referralId, text.county, text.sourceId, text.participantId, text.sourceLanguage, text.targetLanguage,
      text.sourceEncrypted, text.namesEncrypted, text.sourceDigest, text.sentences, ctx.clock.now()],
  );
}

export async function updateNames(ctx: TxCtx, textId: string, namesEncrypted: Buffer): Promise<void> {
  await ctx.tx.query('update referral_texts set names_encrypted = $3 where agency_id = $1 and text_id = $2', [ctx.actor.agency, textId, namesEncrypted]);
}

export async function updateState(ctx: TxCtx, textId: string, state: TextState, by: Translator | null): Promise<void> {
  await ctx.tx.query(
    `update referral_texts set state = $3, translator_name = $4, qualification = $5, translated_on = $6, declared_by = $7, updated_at = $8
      where agency_id = $1 and text_id = $2`,
    [ctx.actor.agency, textId, state, by?.translatorName ?? null, by?.qualification ?? null, by?.on ?? null, by ? ctx.actor.id : null, ctx.clock.now()],
  );
}

/** Keeps who declared the translation: the approval is somebody else's. */
export async function updateApproved(ctx: TxCtx, textId: string): Promise<void> {
  await ctx.tx.query(`update referral_texts set state = 'approved', updated_at = $3 where agency_id = $1 and text_id = $2`, [ctx.actor.agency, textId, ctx.clock.now()]);
}

/** A text as the work list shows it: no word of its content. */
export interface TextLine {
  readonly textId: string;
  readonly referralId: string;
  readonly county: string;
  readonly sourceId: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly state: TextState;
  readonly sentences: number;
  readonly translated: number;
  readonly dueOn: string | null;
  readonly takenBy: string | null;
  readonly takenUntil: Date | null;
  /** The name of who has taken it. */
  readonly takenName: string | null;
}

export const TEXT_SORTS = ['due', 'text', 'languages', 'progress', 'state'] as const;
export type TextSort = { readonly by: (typeof TEXT_SORTS)[number]; readonly isDescending: boolean };
/** Whose texts: one's own (taken, or begun and not yet approved), those that nobody has taken, or all. */
export const TEXT_HANDS = ['mine', 'free', 'all'] as const;
export type TextHands = (typeof TEXT_HANDS)[number];
export interface TextFilter {
  readonly states: readonly TextState[];
  readonly referralId: string | null;
  readonly hands: TextHands;
  readonly sourceLanguage: string | null;
  readonly targetLanguage: string | null;
}

const SORTED_BY: Readonly<Record<TextSort['by'], readonly string[]>> = {
  due: ['due'], text: ['"sourceId"'], languages: ['"sourceLanguage"', '"targetLanguage"'], progress: ['translated::numeric / sentences'], state: ['state'],
};
const orderOf = ({ by, isDescending }: TextSort): string =>
  [...SORTED_BY[by].map((column) => `${column} ${isDescending ? 'desc nulls last' : 'nulls last'}`), ...(by === 'due' ? [] : ['due nulls last']), '"referralId"', '"sourceId"', '"textId"'].join(', ');

// $5 actor, $6 now
const IN_HANDS: Readonly<Record<TextHands, string>> = {
  mine: `and ((t.taken_by = $5 and t.taken_until > $6) or exists (select from translated_sentences s where s.agency_id = $1 and s.text_id = t.text_id and s.saved_by = $5))`,
  free: `and t.state = 'open' and (t.taken_by is null or t.taken_until <= $6)`,
  all: '',
};

/** The texts that wait for somebody, in the order asked for. */
export async function selectWaiting(ctx: TxCtx, filter: TextFilter, part: { readonly sort: TextSort; readonly offset: number; readonly limit: number }): Promise<{ rows: TextLine[]; total: number }> {
  const from = `from referral_texts t join referrals r on r.agency_id = t.agency_id and r.referral_id = t.referral_id
    where t.agency_id = $1 and t.state = any ($2) and r.status <> all ($3) and ($4::text is null or t.referral_id = $4) and $5::text is not null and $6::timestamptz is not null
      and ($7::text is null or t.source_language = $7) and ($8::text is null or t.target_language = $8) ${IN_HANDS[filter.hands]}`;
  const values = [ctx.actor.agency, filter.states, FINAL_STATES, filter.referralId, ctx.actor.id, ctx.clock.now(), filter.sourceLanguage, filter.targetLanguage];
  const rows = await ctx.tx.query<TextLine[]>(
    `select *, due::text as "dueOn" from (
       select t.text_id as "textId", t.referral_id as "referralId", t.county, t.source_id as "sourceId", t.source_language as "sourceLanguage",
              t.target_language as "targetLanguage", t.state, t.sentences,
              case when t.taken_until > $6 then t.taken_by end as "takenBy", case when t.taken_until > $6 then t.taken_until end as "takenUntil",
              (select u.display_name from users u where u.agency_id = t.agency_id and u.user_id = t.taken_by and t.taken_until > $6) as "takenName",
              (select count(*)::int from translated_sentences s where s.agency_id = t.agency_id and s.text_id = t.text_id and s.is_current) as translated,
              (select min(coalesce(c.promised_on, c.due_on)) from referral_clocks c where c.agency_id = t.agency_id and c.referral_id = t.referral_id and c.stopped_on is null) as due
         ${from}) as waiting
      order by ${orderOf(part.sort)} offset $9 limit $10`,
    [...values, part.offset, part.limit],
  );
  const counted = await ctx.tx.query<{ total: number }[]>(`select count(*)::int as total ${from}`, values);
  return { rows, total: counted[0]?.total ?? 0 };
}

/** The free text of the referral that is due first, locked; whoever looks at the same moment gets the one after it. */
export async function lockNextFree(ctx: TxCtx): Promise<{ readonly textId: string; readonly referralId: string; readonly county: string } | null> {
  const [row] = await ctx.tx.query<{ textId: string; referralId: string; county: string }[]>(
    `select t.text_id as "textId", t.referral_id as "referralId", t.county from referral_texts t join referrals r on r.agency_id = t.agency_id and r.referral_id = t.referral_id
      where t.agency_id = $1 and t.state = 'open' and r.status <> all ($2) and (t.taken_by is null or t.taken_until <= $3)
        and exists (select from (select count(*)::int as done from translated_sentences s where s.agency_id = $1 and s.text_id = t.text_id and s.is_current) d where d.done < t.sentences)
      order by (select min(coalesce(c.promised_on, c.due_on)) from referral_clocks c where c.agency_id = $1 and c.referral_id = t.referral_id and c.stopped_on is null) nulls last, t.referral_id, t.text_id
      limit 1 for update of t skip locked`, [ctx.actor.agency, FINAL_STATES, ctx.clock.now()]);
  return row ?? null;
}

export async function updateTaken(ctx: TxCtx, textId: string, taken: { readonly by: string; readonly until: Date } | null): Promise<void> {
  await ctx.tx.query('update referral_texts set taken_by = $3, taken_until = $4 where agency_id = $1 and text_id = $2', [ctx.actor.agency, textId, taken?.by ?? null, taken?.until ?? null]);
}

export async function selectUserName(ctx: TxCtx, userId: string): Promise<string> {
  const [row] = await ctx.tx.query<{ name: string }[]>('select display_name as name from users where agency_id = $1 and user_id = $2', [ctx.actor.agency, userId]);
  return row?.name ?? userId;
}
