import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { getPartner, partnerName } from '../../../src/modules/partners/index.ts';
import { buildPacket, createReferral, getReferral, moveReferral, readPacketPdf, saveInterview, sendReferral, verifyPacket } from '../../../src/modules/referrals/index.ts';
import { isOfficeOpen, listClosedDays } from '../../../src/modules/referrals/clocks/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import type { AppError } from '../../../src/platform/errors.ts';
import { LANGUAGES, wordsForCode } from '../../../src/platform/i18n.ts';
import { anObligee, anObligor, extractOf } from '../../support/cases/builders.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { sixtyMonths } from '../../support/referrals/full-packet.ts';
import { copyKit, KIT, loadEverything } from '../../support/referrals/country-kit.ts';
import { aMexicanCase, aSigner } from '../../support/referrals/packets.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';

const PARTNER = 'pt-dgaj';
const SRC = join(import.meta.dirname, '../../../src');
let db: TestDatabase;
let signing: Ctx['keys']['signing'];

beforeAll(async () => {
  db = await testDatabase();
  signing = (await aSigner()).identity;
  copyKit(db.dataDir);
  loadEverything(db.dataDir);
});
afterAll(() => loadEverything(null));

function ctxOf(): Ctx {
  const ctx = testCtx(db);
  return { ...ctx, keys: { ...ctx.keys, signing } };
}

/** The debtor lives in Lisbon, the creditor and the child in California. */
function aLisbonCase(caseId: string): SupportCase {
  const base = aMexicanCase({ county: '06037', caseId });
  const [, , child] = base.participants;
  return {
    ...base, history: sixtyMonths(2021),
    participants: [
      anObligor({
        name: { given: 'João Miguel', family: 'Conceição', secondFamily: 'Magalhães' }, nationalities: ['PT'], identifiers: [],
        residence: { country: 'PT', lines: ['Rua da Misericórdia, 14, 2.º Dto.'], locality: 'Lisboa', postalCode: '1200-273', source: 'party' },
      }),
      anObligee({ residence: { country: 'US', lines: ['7842 Main St'], locality: 'Los Angeles', region: 'CA', postalCode: '90022', source: 'party' }, identifiers: [], accounts: [], phones: [] }),
      ...(child ? [child] : []),
    ],
  };
}

async function opened(caseId: string): Promise<string> {
  await importCaseExtract(ctxOf(), { fileName: 'cases.ndjson', source: Readable.from(extractOf([aLisbonCase(caseId)])) });
  return (await createReferral(ctxOf(), { caseId, partnerId: PARTNER, services: ['register_enforce'] })).referralId;
}

const MEANS = {
  obligor_means: { incomeMonthly: '1450.00', incomeCurrency: 'EUR', incomeSource: 'self_employment', assets: [{ kind: 'vehicle', place: 'Amadora', amount: '9000.00', currency: 'EUR' }] },
  obligee_means: { incomeMonthly: '2800.00', incomeCurrency: 'USD', otherDependents: '1', expenses: [{ kind: 'childcare', amount: '640.00', currency: 'USD' }] },
};

const bare = (text: string): string => text.replace(/[\s\u200b]+/gu, '');
/** A page without what stands above and below every page. */
const withoutFrame = (page: string): string => page.replace(/^.*?pkt_\w{26}/su, '').replace(/This is not a federal form\..*$/su, '');
const wordsOf = (node: unknown): string[] => (typeof node === 'string' ? [node] : Object.values(node as object).flatMap(wordsOf));
const portuguese = (namespace: string): Record<string, unknown> => JSON.parse(readFileSync(join(KIT, 'locales/pt-PT', `${namespace}.json`), 'utf8')) as Record<string, unknown>;

it('seals a packet in a language and on forms that the program does not know', async () => {
  const referralId = await opened('2000004105001');
  await saveInterview(ctxOf(), referralId, { language: 'en', answers: { sections: MEANS, children: {} } });
  const packet = await buildPacket(ctxOf(), referralId);
  expect(verifyPacket(packet.bytes, signing?.certificatePem, { now: ctxOf().clock.now() })).toMatchObject({ isIntact: true, findings: [] });
  const pdf = await readPdf((await readPacketPdf(ctxOf(), packet.packetId)).bytes);
  const text = bare(pdf.pages.map(withoutFrame).join(' '));
  // Every text of its own forms; of a table that is not empty not that it were.
  const { no_expenses: _expenses, no_assets: _assets, ...value } = portuguese('hague')['value'] as Record<string, string>;
  const own = wordsOf({ ...portuguese('hague'), value }).flatMap((words) => words.split(/\{\{\w+\}\}/u));
  for (const words of own) expect(text).toContain(bare(words));
  for (const words of [
    ...wordsOf((portuguese('packet')['basis'])), ...wordsOf(portuguese('offices')['us-ca']).filter((name) => !name.includes('Imperial')),
    'Formulário de transmissão ao abrigo do artigo 12.º, n.º 2', 'Declaração ajuramentada das prestações em dívida', 'Lista de documentos', 'Direção-Geral da Administração da Justiça (DGAJ)',
    'João Miguel Conceição Magalhães', 'Rua da Misericórdia, 14, 2.º Dto.', '1200-273 Lisboa', '20 de novembro de 2026', 'Califórnia, Estados Unidos', 'USD 362,00', 'EUR 1450,00', 'Trabalho por conta própria', 'Guarda de crianças', 'Veículo', 'Declaração de executoriedade da decisão',
  ]) expect(text).toContain(bare(words));
  expect(text).not.toMatch(/(?:hague|packet|forms|arrears|partners|attachments|translation):\w/u);
  expect(pdf.outline).toContain('Pedido de reconhecimento e execução');
});

it('counts what the country has six weeks and three months for, and calls it a target', async () => {
  const referralId = await opened('2000004105002');
  await buildPacket(ctxOf(), referralId);
  await sendReferral(ctxOf(), referralId);
  await moveReferral(ctxOf(), referralId, 'deliver');
  expect((await getReferral(ctxOf(), referralId)).clocks).toContainEqual(expect.objectContaining({ clock: 'hague.acknowledge', startedOn: '2026-11-20', dueOn: '2027-01-01', isBinding: false, side: 'theirs' }));
  await moveReferral(ctxOf(), referralId, 'accept');
  expect((await getReferral(ctxOf(), referralId)).clocks).toContainEqual(expect.objectContaining({ clock: 'hague.status', startedOn: '2026-11-20', dueOn: '2027-02-20', isBinding: false, citation: 'Hague Convention of 2007, art. 12(4)' }));
});

it('knows the days on which its offices are closed, and asks in the words of the screens for what its forms need', async () => {
  expect(listClosedDays('pt', 2027).map(({ on }) => on)).toEqual(expect.arrayContaining(['2027-03-26', '2027-05-27', '2027-06-10', '2027-12-01']));
  expect(isOfficeOpen('pt', '2027-03-26')).toBe(false);
  expect(isOfficeOpen('pt', '2027-03-29')).toBe(true);
  for (const language of LANGUAGES) expect(partnerName(getPartner(PARTNER), language)).toContain('DGAJ');
  const { findings } = await getReferral(ctxOf(), await opened('2000004105003'));
  expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['need.enforceability_statement', 'need.notice_statement']));
  for (const language of LANGUAGES) expect(wordsForCode(language, 'findings', 'need.enforceability_statement')).toMatch(/25/u);
});

it('seals nothing while a word is missing, and names it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'puente-kit-'));
  try {
    copyKit(dataDir);
    const file = join(dataDir, 'locales/pt-PT/hague.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"basis": "Base jurídica",', ''));
    loadEverything(dataDir);
    const refused = await buildPacket(ctxOf(), await opened('2000004105004')).catch((error: unknown) => error as AppError);
    expect(refused).toMatchObject({ kind: 'conflict', code: 'packet.incomplete' });
    expect((refused as AppError).findings).toContainEqual({ code: 'packet.translation_missing', severity: 'block', path: 'pt-PT:hague:label.basis' });
  } finally {
    loadEverything(db.dataDir);
    rmSync(dataDir, { recursive: true });
  }
});

it('is in no line of the program', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:ts|json|eta|typ)$/u.test(name));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((name) => /pt-PT|pt-dgaj|Portug|Lisbo|hague_2007/u.test(readFileSync(join(SRC, name), 'utf8')))).toEqual([]);
});
