import {
  approveTranslation, checkTranslation, declareTranslation, exportTexts, getText, giveTextBack, importTexts, listTexts, listWaitingTexts, narrativesForPacket, saveSegment, saveSentences, suggest, takeNextText,
} from '../../../src/modules/referrals/index.ts';
import type { NarrativeSource, NarrativesForPacket, TextView } from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { IMPERIAL, PAIR, aReferral, give, statement } from '../../support/referrals/texts.ts';

const INES = { translatorName: 'Inés Duarte', qualification: 'Court-certified, no. 300123', on: '2026-11-19' };

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
const as = (given: TestActor = {}): Ctx => testCtx(db, given);
const translator = (): Ctx => {
  const ctx = as({ id: 'usr_ines', roles: ['translator'] });
  return { ...ctx, actor: { ...ctx.actor, name: 'Inés Duarte' } };
};
/** The command line, which has no person of its own. */
const operator = (): Ctx => as({ kind: 'system', id: 'operator' });
const attorney = (): Ctx => as({ id: 'usr_ana', roles: ['attorney'] });

let number = 0;
async function aText(text: string, county = IMPERIAL): Promise<{ referral: { referralId: string; county: string }; referralId: string; textId: string }> {
  const referral = await aReferral(as(), `IM-T${++number}`, county);
  await give(as(), referral, [statement(text)]);
  const [found] = await listTexts(as(), referral.referralId);
  return { referral, referralId: referral.referralId, textId: found?.textId ?? '' };
}

/** Types a translation for each sentence, in order. */
async function translate(ctx: Ctx, at: { referralId: string; textId: string }, targets: readonly string[]): Promise<void> {
  const { items } = await getText(ctx, at.referralId, at.textId);
  const { saved } = await saveSentences(ctx, at.referralId, at.textId, items.map((item, index) => ({ key: item.key, target: targets[index] ?? '', revision: item.revision })));
  expect(saved).toBe(targets.length);
}

const gate = (referral: { referralId: string }, sources: readonly NarrativeSource[]): Promise<NarrativesForPacket> => inTransaction(as(), (tx) => narrativesForPacket(tx, referral, sources, PAIR));
const codes = (found: NarrativesForPacket): string[] => found.findings.map(({ code, severity, path }) => `${severity} ${code} ${path}`);
const targetsOf = (view: TextView): (string | null)[] => view.items.map(({ target }) => target);

it('lets a text through only once it is translated, declared, and approved by somebody else', async () => {
  const source = statement('He left in March. He never paid.');
  const text = await aText(source.text);
  expect(codes(await gate(text.referral, [source]))).toEqual(['block translation.missing /narratives/interview.statement.text']);
  await translate(translator(), text, ['Se fue en marzo.', 'Nunca pagó.']);
  expect(codes(await gate(text.referral, [source]))).toEqual(['block translation.missing /narratives/interview.statement.text']);
  await expect(approveTranslation(attorney(), text.referralId, text.textId)).rejects.toMatchObject({ code: 'translation.not_declared' });
  await declareTranslation(translator(), text.referralId, text.textId, INES);
  expect(codes(await gate(text.referral, [source]))).toEqual(['block translation.not_approved /narratives/interview.statement.text']);
  await approveTranslation(attorney(), text.referralId, text.textId);
  await declareTranslation(translator(), text.referralId, text.textId, { ...INES, translatorName: 'Somebody Late' });
  expect(await gate(text.referral, [source])).toEqual({
    findings: [],
    narratives: [{
      id: 'interview.statement.text', participantId: null, sourceLanguage: 'en', targetLanguage: 'es-MX',
      segments: [{ source: 'He left in March.', target: 'Se fue en marzo.' }, { source: 'He never paid.', target: 'Nunca pagó.' }],
      translator: { name: 'Inés Duarte', qualification: 'Court-certified, no. 300123', on: '2026-11-19' },
    }],
  });
});

it('keeps the translations of sentences that did not change, and blocks while the changed one waits', async () => {
  const text = await aText('He left in May. He never paid. He never paid.');
  await translate(translator(), text, ['Se fue en mayo.', 'Nunca pagó.']);
  await approveTranslation(operator(), text.referralId, text.textId, INES);
  const changed = statement('He left in June. He never paid.');
  expect(codes(await gate(text.referral, [changed]))).toEqual(['block translation.stale /narratives/interview.statement.text']);
  expect(await give(as(), text.referral, [changed])).toEqual({ added: 0, changed: 1, withdrawn: 0 });
  expect(await give(as(), text.referral, [changed])).toEqual({ added: 0, changed: 0, withdrawn: 0 });
  expect(codes(await gate(text.referral, [changed]))).toEqual(['block translation.stale /narratives/interview.statement.text']);
  const view = await getText(translator(), text.referralId, text.textId);
  expect([view.state, targetsOf(view)]).toEqual(['open', [null, 'Nunca pagó.']]);
  await saveSegment(translator(), text.referralId, text.textId, { key: view.items[0]?.key ?? '', target: 'Se fue en junio.', revision: 0 });
  await approveTranslation(operator(), text.referralId, text.textId, INES);
  expect((await gate(text.referral, [changed])).narratives[0]?.segments).toEqual([{ source: 'He left in June.', target: 'Se fue en junio.' }, { source: 'He never paid.', target: 'Nunca pagó.' }]);
});

it('takes an approval back when a sentence is changed after it', async () => {
  const source = statement('He left.');
  const text = await aText(source.text);
  await translate(translator(), text, ['Se fue.']);
  await approveTranslation(operator(), text.referralId, text.textId, INES);
  const { items } = await getText(translator(), text.referralId, text.textId);
  await saveSegment(translator(), text.referralId, text.textId, { key: items[0]?.key ?? '', target: 'Él se fue.', revision: items[0]?.revision ?? 0 });
  expect(codes(await gate(text.referral, [source]))).toEqual(['block translation.missing /narratives/interview.statement.text']);
});

it('tells a text in a third language, and says nothing of an empty one', async () => {
  const { referral } = await aText('He left.');
  expect(codes(await gate(referral, [{ ...statement('Er ging.'), language: 'de-DE', participantId: 'P9' }]))).toEqual(['block translation.language_unknown /narratives/interview.statement.text/P9']);
  expect(await gate(referral, [statement('  \n')])).toEqual({ narratives: [], findings: [] });
});

it('translates a text of the partner’s language into English', async () => {
  const referral = await aReferral(as(), `IM-T${++number}`);
  const source = statement('Se fue en marzo.', 'es-MX');
  await give(as(), referral, [source]);
  const [found] = await listTexts(as(), referral.referralId);
  expect([found?.sourceLanguage, found?.targetLanguage]).toEqual(['es-MX', 'en']);
  const at = { referralId: referral.referralId, textId: found?.textId ?? '' };
  await translate(translator(), at, ['He left in March.']);
  await approveTranslation(operator(), at.referralId, at.textId, INES);
  expect((await gate(referral, [source])).narratives[0]?.targetLanguage).toBe('en');
});

it('lets nobody approve what they translated or declared themselves', async () => {
  const text = await aText('He left.');
  await translate(attorney(), text, ['Se fue.']);
  await expect(approveTranslation(attorney(), text.referralId, text.textId, INES)).rejects.toMatchObject({ kind: 'forbidden', code: 'translation.not_translator' });
  expect((await listTexts(as(), text.referralId))[0]?.state).toBe('open');
  await declareTranslation(attorney(), text.referralId, text.textId, INES);
  await expect(approveTranslation(attorney(), text.referralId, text.textId)).rejects.toMatchObject({ kind: 'forbidden', code: 'translation.own_work' });
  await expect(approveTranslation(translator(), text.referralId, text.textId)).rejects.toMatchObject({ code: 'access.forbidden' });
  await approveTranslation(as({ id: 'usr_cy', roles: ['supervisor'] }), text.referralId, text.textId);
});

it('is signed by who translated and is signed in, whatever name is given; nobody signs for somebody else', async () => {
  const text = await aText('She left.');
  await translate(translator(), text, ['Se fue.']);
  await expect(declareTranslation(as({ id: 'usr_bo', roles: ['translator'] }), text.referralId, text.textId, INES)).rejects.toMatchObject({ kind: 'forbidden', code: 'translation.not_translator' });
  await declareTranslation(translator(), text.referralId, text.textId, { ...INES, translatorName: 'Somebody Else' });
  expect((await listTexts(as(), text.referralId))[0]).toMatchObject({ state: 'translated', translatorName: 'Inés Duarte', declaredBy: 'usr_ines' });
  const outside = await aText('She came.');
  await translate(translator(), outside, ['Vino.']);
  await declareTranslation(operator(), outside.referralId, outside.textId, { ...INES, translatorName: 'Perita de Afuera' });
  expect((await listTexts(as(), outside.referralId))[0]?.translatorName).toBe('Perita de Afuera');
});

it('gives one text to one translator, until it is given back, done, or the lease is over', async () => {
  const [zoe, max] = ['usr_zoe', 'usr_max'].map((id) => as({ id, roles: ['translator'], counties: ['06099'] }));
  if (!zoe || !max) throw new Error('fault: two translators');
  const texts = [await aText('One more.', '06099'), await aText('And another.', '06099')];
  const taken = await Promise.all([takeNextText(zoe), takeNextText(max)]);
  expect(taken.map((one) => one?.textId).sort()).toEqual(texts.map(({ textId }) => textId).sort());
  expect(await takeNextText(zoe)).toBeNull();
  const hands = async (ctx: Ctx, wanted: 'mine' | 'free'): Promise<string[]> => (await listWaitingTexts(ctx, { hands: wanted })).rows.map(({ textId }) => textId);
  expect(await hands(zoe, 'mine')).toEqual([taken[0]?.textId]);
  expect(await hands(zoe, 'free')).toEqual([]);
  const [own, others] = [taken[0], taken[1]].map((one) => one ?? { referralId: '', textId: '' }) as [{ referralId: string; textId: string }, { referralId: string; textId: string }];
  await expect(giveTextBack(zoe, others.referralId, others.textId)).rejects.toMatchObject({ kind: 'forbidden', code: 'translation.not_yours' });
  await giveTextBack(zoe, own.referralId, own.textId);
  expect((await takeNextText(max))?.textId).toBe(own.textId);
  await giveTextBack(as({ id: 'usr_sue', roles: ['supervisor'] }), own.referralId, own.textId);
  await translate(zoe, own, ['Otra.']);
  expect(await hands(zoe, 'mine')).toEqual([own.textId]);
  const later = as({ id: 'usr_zoe', roles: ['translator'], counties: ['06099'], now: '2026-11-22T12:00:00Z' });
  expect((await takeNextText(later))?.textId).toBe(others.textId);
});

it('asks for a whole translation, a translator on one line and a day that has been', async () => {
  const text = await aText('He left. He came.');
  const declare = (changes: object): Promise<void> => declareTranslation(translator(), text.referralId, text.textId, { ...INES, ...changes });
  await expect(declare({})).rejects.toMatchObject({ code: 'translation.incomplete', params: { count: 2 } });
  await translate(translator(), text, ['Se fue.', 'Vino.']);
  await expect(declare({ qualification: ' ' })).rejects.toMatchObject({ code: 'translation.translator_needed' });
  await expect(declare({ qualification: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'translation.translator_needed' });
  await expect(declare({ on: '2026-11-21' })).rejects.toMatchObject({ code: 'translation.date_wrong' });
  await expect(declare({ on: 'yesterday' })).rejects.toMatchObject({ code: 'translation.date_wrong' });
});

it('does not overwrite what somebody else saved meanwhile, and saves the other sentences all the same', async () => {
  const text = await aText('He left. He came.');
  const { items } = await getText(translator(), text.referralId, text.textId);
  const [first, second] = items.map(({ key }) => key);
  await saveSegment(attorney(), text.referralId, text.textId, { key: first ?? '', target: 'Partió.', revision: 0 });
  const { outcomes } = await saveSentences(translator(), text.referralId, text.textId, [
    { key: first ?? '', target: 'Se fue.', revision: 0 }, { key: second ?? '', target: 'Vino\u202e\n ayer.', revision: 0 }, { key: 'f'.repeat(32), target: 'x', revision: 0 }]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['changed_elsewhere', 'saved', 'unknown']);
  expect(targetsOf(await getText(translator(), text.referralId, text.textId))).toEqual(['Partió.', 'Vino ayer.']);
  await expect(saveSegment(translator(), text.referralId, text.textId, { key: second ?? '', target: 'Vino ⟦1⟧.', revision: 1 })).rejects.toMatchObject({ code: 'translation.sentence_refused', params: { reason: 'mark_left' } });
  await saveSegment(translator(), text.referralId, text.textId, { key: second ?? '', target: '', revision: 1 });
  expect(targetsOf(await getText(translator(), text.referralId, text.textId))).toEqual(['Partió.', null]);
});

it('suggests what was approved in the county for like sentences, without anybody’s name or number', async () => {
  const first = await aText('He has paid Rosario 1,250.50 since March 2021. Xavier has not paid support since that month.');
  await translate(translator(), first, ['Él le ha pagado 1,250.50 a Rosario desde marzo de 2021.', 'Xavier no ha pagado la pensión desde ese mes.']);
  expect(await approveTranslation(operator(), first.referralId, first.textId, INES)).toEqual({ remembered: 2, sentences: 2 });

  const next = await aText('He has paid Marcela 99 since April 2024. The child is well.');
  const view = await getText(translator(), next.referralId, next.textId);
  expect(view.items.map(({ suggestions }) => suggestions.length)).toEqual([1, 0]);
  const [found] = await suggest(translator(), next.referralId, next.textId, view.items[0]?.key ?? '');
  expect(found).toMatchObject({ source: 'He has paid ⟦1⟧ ⟦2⟧ since ⟦3⟧ ⟦4⟧.', target: 'Él le ha pagado 99 a Marcela desde abril de 2024.', approvedOn: '2026-11-20' });
  expect(found?.similarity).toBe(1);

  const elsewhere = await aText('He has paid Rosario 1,250.50 since March 2021.', '06037');
  const { items } = await getText(translator(), elsewhere.referralId, elsewhere.textId);
  expect(items[0]?.suggestions).toEqual([]);
});

it('keeps no word of a text readable in the database, not in the memory and not in the audit record', async () => {
  const text = await aText('Canarybird told him that the blue heron sings.');
  await translate(translator(), text, ['Canarybird le dijo que la garza azul canta.']);
  await approveTranslation(operator(), text.referralId, text.textId, INES);
  for (const table of ['referral_texts', 'translated_sentences', 'translation_approvals', 'translation_memory', 'translation_memory_pieces', 'audit_events', 'outbox_events']) {
    const [row] = await behindTheWall<{ text: string }>(db, `select string_agg(t::text, ' ') as text from ${table} t`);
    expect(row?.text).toBeTruthy();
    for (const word of ['Canarybird', 'canarybird', 'heron', 'garza', Buffer.from('heron').toString('hex'), Buffer.from('garza').toString('hex')]) expect(row?.text).not.toContain(word);
  }
});

it('shows a county’s texts to nobody of another county, and none to a partner', async () => {
  const text = await aText('He left.');
  const stranger = as({ id: 'usr_la', roles: ['translator'], counties: ['06037'] });
  expect(await listTexts(stranger, text.referralId)).toEqual([]);
  await expect(getText(stranger, text.referralId, text.textId)).rejects.toMatchObject({ code: 'translation.text_not_found' });
  await expect(saveSentences(stranger, text.referralId, text.textId, [])).rejects.toMatchObject({ code: 'translation.text_not_found' });
  await expect(suggest(stranger, text.referralId, text.textId, 'x')).rejects.toMatchObject({ code: 'translation.text_not_found' });
  expect((await listWaitingTexts(stranger, {})).rows.filter(({ county }) => county !== '06037')).toEqual([]);
  await expect(listTexts(as({ roles: ['partner_officer'], partner: 'mx-sre' }), text.referralId)).rejects.toMatchObject({ code: 'access.forbidden' });
  await expect(listTexts(as({ roles: ['reconciler'] }), text.referralId)).rejects.toMatchObject({ code: 'access.forbidden' });
});

it('lists what waits, and leaves out what the referral no longer says', async () => {
  const text = await aText('He left. He came.');
  await saveSegment(translator(), text.referralId, text.textId, { key: (await getText(translator(), text.referralId, text.textId)).items[0]?.key ?? '', target: 'Se fue.', revision: 0 });
  const mine = async (): Promise<unknown[]> => (await listWaitingTexts(translator(), {})).rows.filter(({ textId }) => textId === text.textId);
  expect(await mine()).toMatchObject([{ state: 'open', sentences: 2, translated: 1 }]);
  expect((await listWaitingTexts(translator(), { referralId: text.referralId })).rows.map(({ textId }) => textId)).toEqual([text.textId]);
  expect(await give(as(), text.referral, [])).toEqual({ added: 0, changed: 0, withdrawn: 1 });
  expect(await mine()).toEqual([]);
  await expect(saveSentences(translator(), text.referralId, text.textId, [])).rejects.toMatchObject({ code: 'translation.text_withdrawn' });
  await give(as(), text.referral, [statement('He left. He came.')]);
  expect(await mine()).toMatchObject([{ state: 'open', translated: 1 }]);
});

it('checks a translation against the glossary', async () => {
  const text = await aText('The obligor signed before a notary public.');
  await translate(translator(), text, ['El papá firmó ante un notario.']);
  const found = await checkTranslation(attorney(), text.referralId, text.textId);
  expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual([
    `translation.term_missing /translations/${text.textId}/1`, `translation.term_missing /translations/${text.textId}/1`, `translation.false_friend /translations/${text.textId}/1`]);
});

describe('as a file for a translator’s own tools', () => {
  it('goes out and comes back, and is applied sentence by sentence', async () => {
    const text = await aText('He left & "cried" <loudly>. He came. He stays.');
    const [file] = await exportTexts(as(), text.referralId);
    expect(file).toMatchObject({ fileName: `${text.textId}.xlf`, sentences: 3, translated: 0 });
    let xml = file?.xml ?? '';
    for (const target of ['Se fue &amp; «lloró».', 'Vino.']) xml = xml.replace(/(state=")initial(">\s*<source>[^<]*<\/source>)/u, `$1translated$2<target>${target}</target>`);
    expect(await importTexts(as(), text.referralId, xml)).toEqual({ textId: text.textId, saved: 2, refused: 0, findings: [] });
    expect(targetsOf(await getText(as(), text.referralId, text.textId))).toEqual(['Se fue & «lloró».', 'Vino.', null]);
    expect(await importTexts(as(), text.referralId, xml)).toMatchObject({ saved: 0, refused: 0 });
    const stale = await importTexts(as(), text.referralId, xml.replace('>Vino.<', '>Llegó.<'));
    expect(stale).toMatchObject({ saved: 0, refused: 1, findings: [{ code: 'translation.row_refused', params: { reason: 'changed_elsewhere' } }] });
    const touched = await importTexts(as(), text.referralId, xml.replace('<source>He came.', '<source>He went.').replace('>Vino.<', '>Fue.<'));
    expect(touched).toMatchObject({ saved: 0, findings: [{ params: { reason: 'unknown' } }] });
  });

  it('is refused where it is of another referral, not one of ours, or wants entities of its own', async () => {
    const [one, other] = [await aText('He left.'), await aText('He left.')];
    const xml = (await exportTexts(as(), one.referralId))[0]?.xml ?? '';
    await expect(importTexts(as(), other.referralId, xml)).rejects.toMatchObject({ code: 'translation.file_of_other_referral' });
    const bad = ['', '<a/>', xml.replace('version="2.0"', 'version="1.2"'), `<!DOCTYPE x [<!ENTITY a "b">]>${xml}`, xml.replace('</source>', '<pc id="1"/></source>'), xml.slice(0, -20), xml.replace(/id="s[0-9a-f]+"/u, 'id="s1"')];
    for (const text of bad) await expect(importTexts(as(), one.referralId, text)).rejects.toMatchObject({ code: 'translation.file_unreadable' });
    await expect(importTexts(as({ roles: ['reconciler'] }), one.referralId, xml)).rejects.toMatchObject({ code: 'access.forbidden' });
  });
});
