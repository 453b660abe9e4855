import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { generateCases } from '../../src/demo/case-generator.ts';
import type { CaseExtractRecord } from '../../src/demo/case-generator.ts';
import { openApp } from '../../src/main.ts';
import { importCaseExtract } from '../../src/modules/cases/index.ts';
import { sendMessage } from '../../src/modules/exchange/index.ts';
import { createUser } from '../../src/modules/identity/index.ts';
import type { NewUser } from '../../src/modules/identity/index.ts';
import { importDisbursements } from '../../src/modules/payments/index.ts';
import { reconcile } from '../../src/modules/reconciliation/index.ts';
import { buildPacket, createReferral, saveInterview, sendReferral } from '../../src/modules/referrals/index.ts';
import type { Config } from '../../src/platform/config.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { importAll } from './measure-month.ts';

export const WEB_PASSWORD = 'correct horse battery';
/** One person of every kind that works with the pages. */
export const WEB_PEOPLE: Readonly<Record<string, Pick<NewUser, 'roles' | 'partner'>>> = {
  attorney: { roles: ['attorney'], partner: null },
  translator: { roles: ['translator'], partner: null },
  reconciler: { roles: ['reconciler'], partner: null },
  officer: { roles: ['partner_officer'], partner: 'mx-consulate-los-angeles' },
  supervisor: { roles: ['supervisor'], partner: null },
  administrator: { roles: ['administrator'], partner: null },
};

export interface WebWorldSize { readonly cases: number; readonly lines: number; readonly referrals: number; readonly packets: number }

const PARTNER = 'mx-consulate-los-angeles';
const isPlain = ({ status, county, orders, participants }: CaseExtractRecord): boolean => {
  const payer = participants.find((person) => person.role === 'obligor');
  return status === 'open' && county === '06037' && orders.length > 0 && participants.every((person) => person.nondisclosure === undefined)
    && payer?.residence?.country === 'MX' && payer.residence.source === 'party';
};

/** A county at work: its whole caseload, a month of payments with what stays in suspense, referrals in every state, and people. */
export async function makeWebWorld(config: Config, size: WebWorldSize, say: (text: string) => void): Promise<void> {
  const app = await openApp(config);
  try {
    for (const [userName, person] of Object.entries(WEB_PEOPLE)) {
      await createUser(app.ctx, { ...person, userName, password: WEB_PASSWORD, displayName: userName, counties: 'all', language: 'en' });
    }
    const plain = await importCaseload(app.ctx, size);
    say(`${size.cases} cases`);
    await importMonth(app.ctx, size.lines);
    say(`${size.lines} payments`);
    await openReferrals(app.ctx, plain, size);
    say(`${size.referrals} referrals, ${size.packets} of them sent`);
  } finally {
    await app.close();
  }
}

async function importCaseload(ctx: Ctx, size: WebWorldSize): Promise<CaseExtractRecord[]> {
  const folder = mkdtempSync(join(tmpdir(), 'puente-web-'));
  const plain: CaseExtractRecord[] = [];
  try {
    await pipeline(Readable.from((function* () {
      for (const one of generateCases({ seed: 20_261_123, count: size.cases })) {
        if (plain.length < size.referrals && isPlain(one)) plain.push(one);
        yield `${JSON.stringify(one)}\n`;
      }
    })()), createWriteStream(join(folder, 'cases.ndjson')));
    await importCaseExtract(ctx, { fileName: 'cases.ndjson', source: createReadStream(join(folder, 'cases.ndjson')) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return plain;
}

/** A month of payments of families of their own, as the benches of money write it. */
async function importMonth(ctx: Ctx, lines: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'puente-web-month-'));
  try {
    execFileSync(process.execPath, [new URL('write-month.ts', import.meta.url).pathname, folder, String(Math.ceil(lines / 4)), String(lines), '0.4']);
    const files = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { name: string; partner: string }[];
    await importCaseExtract(ctx, { fileName: 'more-cases.ndjson', source: createReadStream(join(folder, 'cases.ndjson')) });
    await importDisbursements(ctx, { fileName: 'disbursements.csv', source: createReadStream(join(folder, 'disbursements.csv')) });
    await importAll(ctx, files, folder);
    await reconcile(ctx);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openReferrals(ctx: Ctx, cases: readonly CaseExtractRecord[], size: WebWorldSize): Promise<void> {
  let sent = 0;
  for (const { caseId } of cases.slice(0, size.referrals)) {
    const { referralId } = await createReferral(ctx, { caseId, partnerId: PARTNER, services: ['enforce', 'locate'] });
    if (sent >= size.packets) continue;
    await saveInterview(ctx, referralId, { language: 'en', answers: { sections: { obligor_means: { note: '' } } } }).catch(() => undefined);
    const sealed = await buildPacket(ctx, referralId).catch(() => null);
    if (sealed === null) continue;
    await sendReferral(ctx, referralId, { approver: 'Bench' });
    await sendMessage(ctx, { referralId, kind: 'statusRequest', body: { question: ['status'] } });
    sent += 1;
  }
}
