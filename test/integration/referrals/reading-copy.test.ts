import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { buildPacket, createReferral, readPacketPdf, readPacketReadingCopy, sendReferral } from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { signingDatabase } from '../../support/referrals/signing-database.ts';
import type { SigningDatabase } from '../../support/referrals/signing-database.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';

const PARTNER = 'mx-consulate-calexico';
let db: TestDatabase;
let ctxOf: SigningDatabase['ctxOf'];
beforeAll(async () => {
  ({ db, ctxOf } = await signingDatabase());
});

const user = (role: string, given: TestActor = {}): Ctx => ctxOf({ kind: 'user', roles: [role] as TestActor['roles'], counties: ['06025'], id: `usr_${role}`, ...given });
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? `${error.kind} ${error.code}` : String(error)));

async function sealed(caseId: string): Promise<{ referralId: string; packetId: string }> {
  await importCaseExtract(ctxOf(), { fileName: 'cases.ndjson', source: Readable.from(extractOf([aMexicanCase({ caseId })])) });
  const { referralId } = await createReferral(ctxOf(), { caseId, partnerId: PARTNER, services: ['status'] });
  const { packetId } = await buildPacket(ctxOf(), referralId);
  return { referralId, packetId };
}

it('keeps beside the sealed packet a tagged copy for reading that says the same on the same pages', async () => {
  const { referralId, packetId } = await sealed('IM-UA1');
  const [kept, copy] = [await readPacketPdf(user('attorney'), packetId), await readPacketReadingCopy(user('attorney'), packetId)];
  const [keptPdf, copyPdf] = [await readPdf(kept.bytes), await readPdf(copy.bytes)];
  expect(copyPdf.pages).toEqual(keptPdf.pages);
  expect(copyPdf.isTagged).toBe(true);
  expect(copyPdf.metadata).toMatch(/<pdfuaid:part>1</);
  expect(copyPdf.metadata).toContain('Reading copy');
  expect(copy.fileName).toBe(`${referralId}-reading.pdf`);
});

it('is read by whoever may take the packet: the officer once it was sent, and no officer of another partner', async () => {
  const { referralId, packetId } = await sealed('IM-UA2');
  const [officer, other] = [user('partner_officer', { partner: PARTNER, counties: undefined }), user('partner_officer', { partner: 'kr-kcsa', counties: undefined })];
  expect(await codeOf(readPacketReadingCopy(officer, packetId))).toBe('not_found packet.not_found');
  await sendReferral(ctxOf(), referralId);
  expect(await codeOf(readPacketReadingCopy(officer, packetId))).toBe('done');
  expect(await codeOf(readPacketReadingCopy(other, packetId))).toBe('not_found packet.not_found');
  const files = await inTransaction(other, (tx) => tx.tx.query<unknown[]>('select 1 from kept_files'));
  expect(files).toEqual([]);
  const read = await inTransaction(ctxOf(), (tx) => tx.tx.query<unknown[]>("select 1 from disclosures where packet_id = $1 and kind = 'read'", [packetId]));
  expect(read).toHaveLength(1);
});

it('says so where a packet was sealed before there were such copies', async () => {
  const { packetId } = await sealed('IM-UA3');
  // As the migration left them: the row of a packet cannot be changed otherwise.
  await behindTheWall(db, `alter table packets disable trigger append_only_rows; update packets set reading_file_id = null where packet_id = '${packetId}';
    alter table packets enable always trigger append_only_rows`);
  expect(await codeOf(readPacketReadingCopy(user('attorney'), packetId))).toBe('not_found packet.no_reading_copy');
});
