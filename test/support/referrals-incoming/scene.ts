import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { receivePacket } from '../../../src/modules/referrals/index.ts';
import type { PacketReceipt, ReceivedPacket } from '../../../src/modules/referrals/index.ts';
import type { Signer } from '../../../src/platform/asic/cms.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import type { SigningIdentity } from '../../../src/platform/keys.ts';
import { extractOf } from '../cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../database.ts';
import type { TestActor, TestDatabase } from '../database.ts';
import { aMexicanCase, aSigner } from '../referrals/packets.ts';
import { CALEXICO } from './messages.ts';

/** A database with two families, the consulate's officer, an attorney who sees all counties, and somebody who signs for the consulate. */
export interface IncomingScene {
  readonly db: TestDatabase;
  readonly operator: Ctx;
  readonly attorney: Ctx;
  readonly officer: Ctx;
  readonly theirs: { signer: Signer; identity: SigningIdentity };
  ctxOf(given?: TestActor): Ctx;
  bring(...cases: SupportCase[]): Promise<unknown>;
  receive(source: Uint8Array | Readable, given?: Partial<PacketReceipt>, who?: Ctx): Promise<ReceivedPacket>;
  count(what: string, values?: unknown[]): Promise<number>;
}

export async function incomingScene(): Promise<IncomingScene> {
  const db = await testDatabase();
  const ours = (await aSigner()).identity;
  const ctxOf = (given: TestActor = {}): Ctx => {
    const ctx = testCtx(db, given);
    return { ...ctx, keys: { ...ctx.keys, signing: ours } };
  };
  const operator = ctxOf();
  const officer = ctxOf({ id: 'usr_officer', roles: ['partner_officer'], partner: CALEXICO, counties: ['06037'] });
  const bring = (...cases: SupportCase[]) => importCaseExtract(operator, { fileName: 'cases.ndjson', source: Readable.from([extractOf(cases)]) });
  await bring(aMexicanCase({ caseId: 'IM-1', partnerCaseNumbers: [{ partner: CALEXICO, value: 'CLX/2026/0007' }] }), aFamily('IM-2', ['Teófilo Barragán Quijano', 'Yolanda Iturbide Salcido', 'Fabián Barragán Iturbide']));
  return {
    db, operator, officer, ctxOf, bring, theirs: await aSigner(), attorney: ctxOf({ id: 'usr_attorney', roles: ['attorney'] }),
    receive: (source, given = {}, who = officer) => receivePacket(who, { partnerId: CALEXICO, fileName: 'sent.bin', source, ...given }),
    count: async (what, values = []) => Number((await behindTheWall<{ n: string }>(db, `select count(*) as n from ${what}`, values))[0]?.n),
  };
}

/** Another family, so that nobody is mistaken for those of the other tests. */
export function aFamily(caseId: string, [obligor, obligee, child]: readonly [string, string, string], changes: Partial<SupportCase> = {}): SupportCase {
  const base = aMexicanCase({ caseId });
  const dates: Readonly<Record<string, string>> = { obligor: '1980-02-03', obligee: '1982-04-05', dependent: '2013-06-07' };
  const names: Readonly<Record<string, string>> = { obligor, obligee, dependent: child };
  return {
    ...base, ...changes,
    participants: base.participants.map(({ identifiers: _, ...one }) => {
      const [given = '', family = '', secondFamily = ''] = (names[one.role] ?? '').split(' ');
      return { ...one, name: { given, family, secondFamily }, birthDate: dates[one.role] ?? '1980-01-01' };
    }),
  };
}

let numbers = 0;
export const packetId = (): string => `pkt_01M${String(++numbers).padStart(23, '0')}`;
export const codesOf = (findings: readonly { code: string }[]): string[] => findings.map(({ code }) => code);

/** What somebody is refused with: the code, and those of its findings. */
export async function codeOf(work: Promise<unknown>): Promise<string[]> {
  return work.then(() => ['done'], (error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return [error.code, ...codesOf(error.findings)];
  });
}

export async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
