import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from '../cli/command.ts';
import {
  addAttachment, approveTranslation, buildPacket, createReferral, getReferral, getText, listTexts, officeDay, printSets, saveInterview, saveSentences,
  sendReferral, setTranslation, verifyPacket,
} from '../modules/referrals/index.ts';
import type { Ctx } from '../platform/context.ts';
import type { CaseExtractRecord } from './case-generator.ts';
import { handOver, tellExchange } from './exchange.ts';
import { samplePaper } from './sample-paper.ts';

const PARTNER = 'mx-consulate-los-angeles';
const COUNTY = '06037';
const SERVICES = ['register_enforce'];
const SETS = 2;

// What the person who asks says in the sample, sentence by sentence, with its translation. All of it is invented.
const STATEMENT = [
  ['He has not paid support since March 2024.', 'No ha pagado la pensión alimenticia desde marzo de 2024.'],
  ['He sent money twice through his mother.', 'Envió dinero dos veces por medio de su madre.'],
  ['The children ask for him at every school festival.', 'Los niños preguntan por él en cada festival de la escuela.'],
] as const;
const SHORT_ANSWERS = [['carpenter', 'carpintero'], ['Spanish', 'español']] as const;
const TRANSLATOR = { translatorName: 'Inés Duarte (sample · muestra)', qualification: 'Sample of the demonstration, not certified · Muestra de la demostración, sin certificar' };
const PAPER = ['SAMPLE · MUESTRA', '', 'Certified copy of a support order (invented)', 'Copia certificada de una resolución de alimentos (inventada)', '', 'This page stands for the paper that the county attaches.', 'Esta página representa el documento que anexa el condado.'];

/**
 * One referral of the sample the whole way: interview, statement with its translation, attachment, packet, printed sets, sending,
 * and the partner's receipt. What an interrupted run had done is found and not done again.
 */
export async function tellJourney(ctx: Ctx, io: Io, folder: string, cases: readonly CaseExtractRecord[]): Promise<void> {
  // Not one of the first, of which packets are sealed, too: what the consulate tells of the case would change those.
  const one = cases.findLast(isPlain);
  if (!one) throw new Error('fault: the sample has no case for the journey');
  const { referralId, status } = await createReferral(ctx, { caseId: one.caseId, partnerId: PARTNER, services: SERVICES });
  io.say('');
  io.say(io.words('demo:journey.begin', { caseId: one.caseId, partner: PARTNER }));
  if (status === 'draft') await gather(ctx, referralId, one);
  io.say(io.words('demo:journey.gathered', { sentences: STATEMENT.length }));
  const sealed = status === 'draft' || status === 'sealed' ? await buildPacket(ctx, referralId) : null;
  if (sealed) await hand(ctx, io, folder, referralId, sealed.bytes);
  if (sealed) await sendReferral(ctx, referralId);
  await handOver(ctx, referralId);
  const { packets } = await getReferral(ctx, referralId);
  io.say(io.words('demo:journey.packet', { pages: packets[0]?.pages ?? 0, documents: packets[0]?.documents.length ?? 0, path: packetPath(folder, referralId) }));
  io.say(io.words('demo:journey.printed', { sets: SETS, path: printedPath(folder, referralId) }));
  io.say(io.words('demo:journey.sent', { attorney: `/referrals/${referralId}`, officer: `/inbox/${referralId}` }));
  await tellExchange(ctx, io, referralId, one);
}

const packetPath = (folder: string, referralId: string): string => join(folder, 'packets', `${referralId}.asice`);
const printedPath = (folder: string, referralId: string): string => join(folder, 'printed', `${referralId}-sets.pdf`);

/** Nobody in it is protected, somebody asks for a child, and the debtor's address in Mexico was told by a person, so that it may leave. */
function isPlain({ status, county, orders, participants }: CaseExtractRecord): boolean {
  const payer = participants.find((person) => person.role === 'obligor');
  return status === 'open' && county === COUNTY && orders.length > 0 && participants.every((person) => person.nondisclosure === undefined)
    && payer?.residence?.country === 'MX' && payer.residence.source === 'party' && participants.some((person) => person.role === 'obligee' && person.birthDate !== undefined);
}

async function gather(ctx: Ctx, referralId: string, one: CaseExtractRecord): Promise<void> {
  await saveInterview(ctx, referralId, { language: 'en', answers: { sections: answers(), children: needs(one) } });
  const { attachmentId } = await addAttachment(ctx, referralId, { kind: 'certified_order', fileName: 'certified-order.pdf', language: 'en', source: samplePaper(PAPER) });
  await setTranslation(ctx, attachmentId, { notNeeded: 'already_bilingual' });
  for (const { textId, state } of await listTexts(ctx, referralId)) if (state === 'open') await translate(ctx, referralId, textId);
}

async function translate(ctx: Ctx, referralId: string, textId: string): Promise<void> {
  const { items } = await getText(ctx, referralId, textId);
  const targets = new Map<string, string>([...STATEMENT, ...SHORT_ANSWERS]);
  await saveSentences(ctx, referralId, textId, items.map(({ key, revision, source }) => ({ key, revision, target: targets.get(source) ?? '' })));
  await approveTranslation(ctx, referralId, textId, { ...TRANSLATOR, on: officeDay(ctx) });
}

const answers = () => ({
  declarant: { role: 'obligee', placeSigned: 'Los Angeles, California' },
  marriage: { status: 'never_married' },
  residence_history: { periods: [{ from: '2012-01', to: '2018-06', country: 'US', region: 'California', basis: 'lived_with_child' }] },
  obligor_description: { heightCm: '174', eyes: 'brown', hair: 'black', occupation: 'carpenter', languages: 'Spanish', lastSeenOn: '2023-12-24', lastSeenWhere: 'Tijuana, Baja California', relatives: [{ name: 'Petra Ejemplo', relation: 'parent', whereabouts: 'Tijuana, Baja California' }] },
  obligor_means: { incomeMonthly: '14500', incomeCurrency: 'MXN', incomeSource: 'self_employment' },
  obligee_means: { incomeMonthly: '2650', incomeCurrency: 'USD', expenses: [{ kind: 'housing', amount: '1400', currency: 'USD' }, { kind: 'food', amount: '620', currency: 'USD' }] },
  assistance: { received: false },
  payment_history: { lastPaymentOn: '2024-03-05', direct: [{ on: '2024-08-11', amount: '200', currency: 'USD', how: 'cash' }] },
  mexico: { acknowledgedInMexico: false },
  statement: { text: STATEMENT.map(([sentence]) => sentence).join(' ') },
});

const needs = ({ participants }: CaseExtractRecord) => Object.fromEntries(participants.filter((person) => person.role === 'dependent')
  .map(({ participantId }) => [participantId, { needs: { school: 'Public school', monthlyCost: '480', currency: 'USD', insurance: 'public', custody: 'obligee' } }]));

/** The packet into the folder, as the partner verifies it, and the complete sets for the printer. */
async function hand(ctx: Ctx, io: Io, folder: string, referralId: string, bytes: Buffer): Promise<void> {
  mkdirSync(join(folder, 'printed'), { recursive: true, mode: 0o700 });
  writeFileSync(packetPath(folder, referralId), bytes);
  const { isIntact } = verifyPacket(bytes);
  io.say(io.words('demo:journey.verified', { intact: io.words(isIntact ? 'demo:intact' : 'demo:broken') }));
  const printed = await printSets(ctx, { of: { referralId }, sets: SETS });
  writeFileSync(printedPath(folder, referralId), printed.bytes);
}
