import { join } from 'node:path';
import { extractOf } from '../../support/cases/builders.ts';
import { commandLine } from '../../support/command-line.ts';
import type { CommandLine, Ended } from '../../support/command-line.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { aLockedPaper, aPaper, aPhotograph } from '../../support/referrals/paper-files.ts';

let line: CommandLine;
let folder: string;
beforeAll(async () => {
  line = await commandLine();
  folder = line.db.dataDir;
});

const put: CommandLine['put'] = (name, bytes) => line.put(name, bytes);
const puente = (...words: string[]): Promise<Ended> => line.puente([...words, '--json']);

it('attaches and lists papers as scripts call it, and tells by exit code what was refused and what needs a person', async () => {
  await puente('cases', 'import', put('cases.ndjson', extractOf([aMexicanCase({ caseId: 'IM-1' })])));
  const created = await puente('referrals', 'create', '--case', 'IM-1', '--partner', 'mx-consulate-calexico', '--service', 'enforce');
  const referral = String(created.lines.at(-1)?.['referralId']);
  const paper = put('order.pdf', await aPaper());
  const attached = await puente('referrals', 'attach', referral, paper, '--kind', 'certified_order', '--title', 'Judgment', '--language', 'en');
  expect([attached.code, attached.lines]).toEqual([0, [expect.objectContaining({ pages: 2, mediaType: 'application/pdf', alreadyAttached: false })]]);
  const locked = await puente('referrals', 'attach', referral, put('locked.pdf', await aLockedPaper()), '--kind', 'other', '--about', 'P1');
  expect([locked.code, locked.lines[0]]).toEqual([3, { attachmentId: null, error: 'attachment.refused', params: {}, findings: [{ code: 'attachment.encrypted', severity: 'block' }] }]);
  expect(locked.stderr).toContain('locked with a password');
  const unknown = await puente('referrals', 'attach', referral, paper, '--kind', 'passport');
  expect([unknown.code, unknown.stderr.includes('birth_certificate')]).toEqual([3, true]);
  expect((await puente('referrals', 'attach', referral, join(folder, 'gone.pdf'), '--kind', 'other')).code).not.toBe(0);
  const listed = await puente('referrals', 'attachments', referral);
  expect(listed.code).toBe(10);
  expect(listed.lines.map(({ number, state, kind }) => [number, state, kind])).toEqual([[1, 'current', 'certified_order'], [2, 'refused', 'other']]);
  expect(listed.stderr).toContain('it has no translation');
}, 120_000);

it('decides about a paper, so that a packet can be sealed without the screens', async () => {
  const decide = (attachment: string, ...words: string[]): Promise<Ended> => puente('referrals', 'attachment', attachment, ...words);
  const attach = async (referral: string, name: string, bytes: Uint8Array, ...words: string[]): Promise<string> =>
    String((await puente('referrals', 'attach', referral, put(name, bytes), ...words)).lines.at(-1)?.['attachmentId']);
  await puente('cases', 'import', put('more.ndjson', extractOf([aMexicanCase({ caseId: 'IM-2' })])));
  const referral = String((await puente('referrals', 'create', '--case', 'IM-2', '--partner', 'mx-consulate-calexico', '--service', 'enforce')).lines.at(-1)?.['referralId']);
  const order = await attach(referral, 'certified.pdf', await aPaper('Certified'), '--kind', 'certified_order', '--language', 'en');
  const spanish = await attach(referral, 'copia.pdf', await aPaper('Copia'), '--kind', 'translation', '--language', 'es-MX');
  const picture = await attach(referral, 'father.jpg', aPhotograph(), '--kind', 'photograph_obligor', '--about', 'P1');
  expect(await decide(picture)).toMatchObject({ code: 0, lines: [{ number: 3, translation: { notNeeded: 'picture_without_words' } }] });
  expect(await decide(order)).toMatchObject({ code: 10, stderr: expect.stringContaining('it has no translation') });
  expect((await puente('packets', 'build', referral, '--out', folder)).code).toBe(10);

  const translator = ['--translator', 'Ana Traductora', '--qualification', 'perito traductora', '--on', '2026-11-10'];
  expect(await decide(order, '--translated-by', spanish)).toMatchObject({ code: 3, stderr: expect.stringContaining('enter the translator’s name') });
  expect(await decide(order, '--translated-by', order, ...translator)).toMatchObject({ code: 3 });
  expect(await decide(order, '--no-translation', 'because')).toMatchObject({ code: 3, stderr: expect.stringContaining('already_bilingual — it is in both languages already') });
  for (const words of [['--remove', '--restore'], translator, ['--remove', ...translator]]) expect(await decide(order, ...words)).toMatchObject({ code: 2, lines: [], stderr: expect.stringContaining('one option at a time') });
  expect(await decide('att_nothing', '--remove')).toMatchObject({ code: 3 });
  expect(await decide(order, '--reviewed')).toMatchObject({ code: 3, stderr: expect.stringContaining('Only an attorney') });
  expect(await decide(order, '--translated-by', spanish, ...translator)).toMatchObject({ code: 0, lines: [{ attachmentId: order, translation: { by: spanish, translator: { name: 'Ana Traductora' } } }] });

  expect(await decide(spanish, '--remove')).toMatchObject({ lines: [{ state: 'removed' }] });
  expect(await decide(order)).toMatchObject({ code: 10 });
  expect(await decide(spanish, '--restore')).toMatchObject({ code: 0, lines: [{ state: 'current' }] });
  expect(await decide(order, '--no-translation', 'already_bilingual')).toMatchObject({ code: 0, lines: [{ translation: { notNeeded: 'already_bilingual' } }] });
  expect(await decide(spanish, '--no-translation', 'is_translation')).toMatchObject({ code: 0 });
  const built = await puente('packets', 'build', referral, '--out', folder);
  expect([built.code, built.stderr]).toEqual([0, expect.any(String)]);

  expect((await puente('referrals', 'attach', referral, put('huge.pdf', Buffer.alloc(25 * 1024 * 1024 + 1, 'x')), '--kind', 'other')).stderr).toContain('larger than 25 MB');
}, 240_000);
