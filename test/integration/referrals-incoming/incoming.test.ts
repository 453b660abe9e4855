import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import {
  acceptIncoming, buildPacket, createReferral, getIncoming, getReferral, listIncoming, listReferrals, listSent, proposeAgain, readIncomingFile, readPacketContainer, receivePacket, refuseIncoming,
  sendReferral,
} from '../../../src/modules/referrals/index.ts';
import type { Cover, PacketReceipt } from '../../../src/modules/referrals/index.ts';
import { typedReference } from '../../../src/modules/referrals/printing/reference.rules.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import type { SigningIdentity } from '../../../src/platform/keys.ts';
import type { Signer } from '../../../src/platform/asic/cms.ts';
import { aChild, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { aLockedPaper, aPaper, aPng } from '../../support/referrals/paper-files.ts';
import { aMexicanCase, aSigner } from '../../support/referrals/packets.ts';
import { CALEXICO, partnerMessage, sealed } from '../../support/referrals-incoming/messages.ts';

let db: TestDatabase;
let ours: SigningIdentity;
let theirs: { signer: Signer; identity: SigningIdentity };
let operator: Ctx;
let attorney: Ctx;
let officer: Ctx;

const ctxOf = (given: TestActor = {}): Ctx => {
  const ctx = testCtx(db, given);
  return { ...ctx, keys: { ...ctx.keys, signing: ours } };
};
const bring = (...cases: SupportCase[]) => importCaseExtract(operator, { fileName: 'cases.ndjson', source: Readable.from([extractOf(cases)]) });
let numbers = 0;
const packetId = (): string => `pkt_01M${String(++numbers).padStart(23, '0')}`;

/** Another family, so that nobody is mistaken for those of the other tests. */
function aFamily(caseId: string, [obligor, obligee, child]: readonly [string, string, string], changes: Partial<SupportCase> = {}): SupportCase {
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

beforeAll(async () => {
  db = await testDatabase();
  ours = (await aSigner()).identity;
  theirs = await aSigner();
  operator = ctxOf();
  attorney = ctxOf({ id: 'usr_attorney', roles: ['attorney'] });
  officer = ctxOf({ id: 'usr_officer', roles: ['partner_officer'], partner: CALEXICO, counties: ['06037'] });
  await bring(aMexicanCase({ caseId: 'IM-1', partnerCaseNumbers: [{ partner: CALEXICO, value: 'CLX/2026/0007' }] }), aFamily('IM-2', ['Teófilo Barragán Quijano', 'Yolanda Iturbide Salcido', 'Fabián Barragán Iturbide']));
});

const receive = (source: Uint8Array, given: Partial<PacketReceipt> = {}, who: Ctx = officer) => receivePacket(who, { partnerId: CALEXICO, fileName: 'sent.bin', source, ...given });
const codesOf = (findings: readonly { code: string }[]): string[] => findings.map(({ code }) => code);
const codeOf = async (work: Promise<unknown>): Promise<string[]> => work.then(() => ['done'], (error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  return [error.code, ...codesOf(error.findings)];
});
const count = async (what: string, values: unknown[] = []): Promise<number> => Number((await behindTheWall<{ n: string }>(db, `select count(*) as n from ${what}`, values))[0]?.n);
const bytesOf = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe('a signed packet of the partner', () => {
  it('is kept as it came, read, and proposed to the one case that it fits', async () => {
    const bytes = sealed(partnerMessage(aMexicanCase(), { packetId: packetId(), theirNumber: 'CLX/2026/0007', services: ['enforce', 'locate'] }), theirs.signer);
    const received = await receive(Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]) as unknown as Uint8Array, { fileName: 'exp. León.asice' });
    expect(received).toMatchObject({ state: 'received', alreadyReceived: false });
    expect(codesOf(received.findings)).toEqual(['incoming.signer_unchecked']);
    const view = await getIncoming(attorney, received.incomingId);
    expect(view).toMatchObject({ kind: 'container', state: 'proposed', county: null, fileName: 'exp. León.asice', receivedBy: 'usr_officer', proposal: { kind: 'case', caseId: 'IM-1' } });
    expect(view.candidates[0]).toMatchObject({ caseId: 'IM-1', score: 100, item: { county: '06025' } });
    expect(view.candidates[0]?.reasons.map(({ code }) => code)).toEqual(['partner_number', 'identifier', 'paying_name', 'paying_birth_date', 'receiving_name', 'receiving_birth_date', 'child_name', 'child_birth_date']);
    expect(await bytesOf((await readIncomingFile(attorney, received.incomingId)).bytes)).toEqual(bytes);
    expect((await readIncomingFile(attorney, received.incomingId)).fileName).toBe(`${received.incomingId}.asice`);
  });

  it('becomes an incoming referral whose clocks count from the day of receipt, and is then seen by the county', async () => {
    const filedOn = ctxOf({ id: 'usr_officer', roles: ['partner_officer'], partner: CALEXICO, now: '2026-11-17T12:00:00Z' });
    const { incomingId } = await receive(sealed(partnerMessage(aMexicanCase(), { packetId: packetId(), services: ['modify'] }), theirs.signer, new Date('2026-11-16T10:00:00Z')), {}, filedOn);
    const county = ctxOf({ id: 'usr_county', roles: ['attorney'], counties: ['06025'] });
    expect(await codeOf(getIncoming(county, incomingId))).toEqual(['incoming.not_found']);
    const accepted = await acceptIncoming(attorney, incomingId, { caseId: 'IM-1' });
    expect(accepted.state).toBe('accepted');
    const referral = await getReferral(county, accepted.referralId);
    expect(referral).toMatchObject({ direction: 'incoming', status: 'delivered', caseId: 'IM-1', partnerId: CALEXICO, services: ['modify'] });
    expect(referral.clocks.find(({ clock }) => clock === 'registry.intake')).toMatchObject({ startedOn: '2026-11-17', dueOn: '2026-12-03' });
    expect(await count("queue_items where subject_id = $1", [accepted.referralId])).toBe(1);
    // The same again is the same; another case is not.
    expect(await acceptIncoming(attorney, incomingId, { caseId: 'IM-1' })).toEqual(accepted);
    expect(await codeOf(acceptIncoming(attorney, incomingId, { caseId: 'IM-2' }))).toEqual(['incoming.decided']);
    expect(await codeOf(refuseIncoming(attorney, incomingId, { reason: 'other' }))).toEqual(['incoming.decided']);
    const seen = await getIncoming(county, incomingId);
    expect([seen.state, seen.county, seen.candidates]).toEqual(['accepted', '06025', []]);
    expect(await bytesOf((await readIncomingFile(county, incomingId)).bytes)).toHaveLength(seen.byteCount);
    expect((await listSent(officer)).rows.find((row) => row.incomingId === incomingId)).toMatchObject({ state: 'accepted', reason: null });
  });

  it('is refused and kept when one byte is changed, the signer is not on the list, or the certificate was over', async () => {
    const xml = partnerMessage(aMexicanCase(), { packetId: packetId() });
    const changed = sealed(xml, theirs.signer);
    changed.writeUInt8(changed.readUInt8(200) ^ 1, 200);
    const old = await aSigner(new Date('2010-01-01T00:00:00Z'));
    mkdirSync(join(db.dataDir, 'partner-certificates'), { recursive: true });
    writeFileSync(join(db.dataDir, 'partner-certificates', 'kr-kcsa.pem'), theirs.identity.certificatePem);
    const korean = (bytes: Uint8Array) => receive(bytes, { partnerId: 'kr-kcsa' }, operator);
    const fromKorea = partnerMessage(aMexicanCase(), { packetId: packetId(), partnerId: 'kr-kcsa' });
    const outcomes = [await receive(changed), await receive(sealed(xml, old.signer)), await korean(sealed(fromKorea, (await aSigner()).signer))];
    expect(outcomes.map(({ state }) => state)).toEqual(['refused', 'refused', 'refused']);
    expect(outcomes.map(({ findings }) => codesOf(findings).filter((code) => code !== 'incoming.signer_unchecked'))).toEqual([
      [expect.stringMatching(/^container\./)], ['signature.certificate_not_valid_then'], ['signature.signer_untrusted'],
    ]);
    const vouchedFor = await korean(sealed(fromKorea, theirs.signer));
    expect([vouchedFor.state, vouchedFor.findings]).toEqual(['received', []]);
    expect((await getIncoming(attorney, vouchedFor.incomingId)).signer).toMatchObject({ trust: 'trusted' });
    for (const { incomingId } of outcomes) expect((await readIncomingFile(attorney, incomingId)).mediaType).toBe('application/octet-stream');
    writeFileSync(join(db.dataDir, 'partner-certificates', 'kr-kcsa.pem'), 'no certificate');
    expect(codesOf((await korean(sealed(partnerMessage(aMexicanCase(), { packetId: packetId(), partnerId: 'kr-kcsa' }), theirs.signer))).findings)).toEqual(['incoming.certificates_unreadable']);
  });

  it('is not taken for another partner than the officer’s, whatever its message says', async () => {
    const foreign = sealed(partnerMessage(aMexicanCase(), { packetId: packetId(), partnerId: 'mx-consulate-los-angeles' }), theirs.signer);
    expect(await codeOf(receive(foreign, { partnerId: 'mx-consulate-los-angeles' }))).toEqual(['incoming.not_your_partner']);
    const received = await receive(foreign);
    expect([received.state, codesOf(received.findings)]).toEqual(['refused', ['incoming.signer_unchecked', 'incoming.other_sender']]);
    expect(await codeOf(receive(foreign, { partnerId: 'xx-none' }, operator))).toEqual(['partner.unknown']);
  });
});

describe('what comes twice', () => {
  it('is one receipt where the bytes are the same, also at the same time', async () => {
    const bytes = sealed(partnerMessage(aMexicanCase(), { packetId: packetId(), services: ['status'] }), theirs.signer);
    const outcomes = await Promise.all([1, 2, 3].map(() => receive(Buffer.from(bytes))));
    expect(new Set(outcomes.map(({ incomingId }) => incomingId)).size).toBe(1);
    expect(outcomes.filter(({ alreadyReceived }) => !alreadyReceived)).toHaveLength(1);
    const [{ incomingId } = { incomingId: '' }] = outcomes;
    expect([await count('audit_events where subject_id = $1', [incomingId]), await count('incoming_proposals where incoming_id = $1', [incomingId])]).toEqual([1, 1]);
    expect(await receive(bytes)).toMatchObject({ incomingId, alreadyReceived: true });
    const accepted = await Promise.allSettled([1, 2].map(() => acceptIncoming(attorney, incomingId, { caseId: 'IM-1' })));
    expect(accepted.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect((await listReferrals(attorney, { direction: 'incoming', caseId: 'IM-1' })).rows.filter(({ services }) => services.join() === 'status')).toHaveLength(1);
    // From another partner the same bytes are another matter.
    expect((await receive(bytes, { partnerId: 'kr-kcsa' }, operator)).incomingId).not.toBe(incomingId);
  });

  it('is a duplicate where the message is the same in another wrapping, and refused where the number names something else', async () => {
    const id = packetId();
    const xml = partnerMessage(aMexicanCase(), { packetId: id, services: ['close'] });
    const first = await receive(sealed(xml, theirs.signer));
    const bare = await receive(xml);
    expect([bare.state, bare.findings]).toEqual(['duplicate', [{ code: 'incoming.not_signed', severity: 'warn' }, { code: 'incoming.same_message', severity: 'info', params: { receipt: first.incomingId } }]]);
    const other = await receive(sealed(partnerMessage(aMexicanCase(), { packetId: id, services: ['locate'] }), theirs.signer));
    expect([other.state, codesOf(other.findings)]).toEqual(['refused', ['incoming.signer_unchecked', 'incoming.packet_number_reused']]);
    const raced = packetId();
    const both = await Promise.all(['locate', 'modify'].map((service) => receive(partnerMessage(aMexicanCase(), { packetId: raced, services: [service] }))));
    expect(both.map(({ state }) => state).sort()).toEqual(['received', 'refused']);
  });

  it('links to the request that is open already', async () => {
    const first = await receive(partnerMessage(aMexicanCase(), { packetId: packetId(), services: ['obtain_evidence'] }));
    const second = await receive(partnerMessage(aMexicanCase(), { packetId: packetId(), services: ['obtain_evidence'] }));
    const one = await acceptIncoming(attorney, first.incomingId, { caseId: 'IM-1' });
    expect(await acceptIncoming(attorney, second.incomingId, { caseId: 'IM-1' })).toEqual({ incomingId: second.incomingId, state: 'linked', referralId: one.referralId });
  });
});

describe('a message by itself', () => {
  const message = (change: (xml: string) => string): Buffer => Buffer.from(change(partnerMessage(aMexicanCase(), { packetId: packetId() }).toString('utf8')), 'utf8');

  it.each([
    ['a document type', () => message((xml) => xml.replace('<message', '<!DOCTYPE message [<!ENTITY x SYSTEM "file:///etc/passwd">]><message')), 'xml.doctype'],
    ['two bytes a letter', () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(message((xml) => xml).toString('utf8'), 'utf16le')]), 'xml.encoding'],
    ['a broken end', () => message((xml) => xml.slice(0, -20)), 'xml.not_well_formed'],
    ['an unknown service', () => message((xml) => xml.replace('>enforce<', '>hand_over<')), 'xml.schema'],
    ['another kind of XML', () => Buffer.from('<?xml version="1.0"?><invoice xmlns="urn:x"/>'), 'incoming.not_a_message'],
    ['two senders', () => message((xml) => xml.replace('<from ', '<from county="06025" ')), 'incoming.sender_unstated'],
    ['a size beyond any message', () => message((xml) => xml.replace('</message>', `<!--${'x'.repeat(21 * 1024 * 1024)}--></message>`)), 'xml.too_large'],
  ])('is kept and refused for %s', async (_what, make, code) => {
    const received = await receive(make());
    expect([received.state, [...new Set(codesOf(received.findings))]]).toEqual(['refused', ['incoming.not_signed', code]]);
    expect((await getIncoming(attorney, received.incomingId)).proposal).toBeNull();
  });

  it('of a version to come is filed for a person, in a container too', async () => {
    const next = message((xml) => xml.replace('urn:puente:message:v1', 'urn:puente:message:v2'));
    for (const bytes of [next, sealed(next, theirs.signer)]) {
      const { incomingId, state, findings } = await receive(bytes);
      expect([state, findings.find(({ code }) => code === 'incoming.version_unknown')]).toEqual(['received', { code: 'incoming.version_unknown', severity: 'warn', params: { version: '2' } }]);
      expect(await getIncoming(attorney, incomingId)).toMatchObject({ state: 'filed', proposal: null, facts: null });
      expect(await codeOf(acceptIncoming(attorney, incomingId, { caseId: 'IM-1' }))).toEqual(['incoming.services_needed']);
      expect(await codeOf(proposeAgain(attorney, incomingId))).toEqual(['incoming.nothing_to_seek']);
    }
    const covered = await receive(Buffer.concat([next, Buffer.from('\n')]), { cover: { fileNumber: 'CLX/2026/0007' }, fileName: 'a\u202egpj.xml' });
    expect(await getIncoming(attorney, covered.incomingId)).toMatchObject({ state: 'proposed', fileName: 'agpj.xml', decideBy: '2026-12-08', proposal: { kind: 'case', caseId: 'IM-1' } });
  });
});

describe('papers with a typed cover', () => {
  const cover: Cover = {
    fileNumber: 'Oficio 77/26', services: ['enforce'], obligor: { name: 'Barragan Quijano Teofilo', birthDate: '1980-02-03' }, obligee: { name: 'Yolanda Iturbide', birthDate: null },
    children: [{ name: 'Fabián Barragán Iturbide', birthDate: '2013-06-07' }], note: 'Se envía\nel expediente.',
  };

  it('are found by names and birth dates, and accepted with what the cover asks', async () => {
    const { incomingId, state, findings } = await receive(await aPaper('Oficio'), { cover, fileName: 'oficio.pdf' });
    expect([state, findings]).toEqual(['received', []]);
    const view = await getIncoming(attorney, incomingId);
    expect(view).toMatchObject({ kind: 'scan', mediaType: 'application/pdf', cover: { fileNumber: 'Oficio 77/26', note: 'Se envía\nel expediente.' }, proposal: { kind: 'case', caseId: 'IM-2' } });
    const { referralId } = await acceptIncoming(attorney, incomingId, { caseId: 'IM-2', services: ['locate'] });
    expect((await getReferral(attorney, referralId)).services).toEqual(['locate']);
  });

  it('are never tied where two cases fit about as well, and are new where none does', async () => {
    await bring(...['IM-31', 'IM-32'].map((caseId) => aFamily(caseId, ['Norberto Zepeda Cota', 'Griselda Murrieta Olachea', 'Saúl Zepeda Murrieta'])));
    const twins = await receive(aPng(), { fileName: 'a.png', cover: { services: ['locate'], obligor: { name: 'Norberto Zepeda Cota', birthDate: '1980-02-03' }, obligee: { name: 'Griselda Murrieta Olachea', birthDate: '1982-04-05' } } });
    expect((await getIncoming(attorney, twins.incomingId)).proposal).toMatchObject({ kind: 'candidates', candidates: [{ caseId: 'IM-31', score: 84 }, { caseId: 'IM-32', score: 84 }] });
    const stranger = await receive(aPng(9, 9), { fileName: 'b.png', cover: { obligor: { name: 'Ulises Xicoténcatl Borunda' } } });
    expect((await getIncoming(attorney, stranger.incomingId)).proposal).toEqual({
      kind: 'new', candidates: [], missing: ['paying_birth_date', 'paying_address', 'receiving_name', 'children', 'order', 'services', 'their_number'],
    });
    // To the sender it is the same.
    expect([twins.state, twins.findings]).toEqual([stranger.state, stranger.findings]);
    await bring(aFamily('IM-33', ['Ulises Xicoténcatl Borunda', 'Abril Zamudio Rey', 'Iker Xicoténcatl Zamudio']));
    expect((await proposeAgain(attorney, stranger.incomingId)).proposal).toMatchObject({ kind: 'new' });
    expect((await receive(aPng(10, 9), { cover: { obligor: { name: 'Ulises Xicoténcatl Borunda', birthDate: '1980-02-03' } } })).state).toBe('received');
  });

  it('are kept and refused where the file is broken, locked or not what it says; and filed where nothing was typed', async () => {
    const outcomes = [await receive(await aLockedPaper(), { cover }), await receive(aPng(11, 9), { cover, fileName: 'x.pdf' }), await receive(Buffer.from('MZ program'), { cover, fileName: 'x.exe' }),
      await receive(Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(26 * 1024 * 1024)]), { cover })];
    expect(outcomes.map(({ state, findings }) => [state, ...codesOf(findings)])).toEqual([
      ['refused', 'attachment.encrypted'], ['refused', 'attachment.type_lies'], ['refused', 'attachment.type_program'], ['refused', 'incoming.scan_too_large'],
    ]);
    const bare = await receive(aPng(12, 9));
    expect([bare.state, codesOf(bare.findings), (await getIncoming(attorney, bare.incomingId)).state]).toEqual(['received', ['incoming.cover_missing'], 'filed']);
  });

  it('keeps nothing of an empty file, of one beyond the bound, or with a cover that is not fit', async () => {
    const files = await count('kept_files');
    expect(await codeOf(receive(Buffer.alloc(0)))).toEqual(['incoming.empty']);
    expect(await codeOf(receive(Readable.from((function* () { for (let i = 0; i < 200; i++) yield Buffer.alloc(1024 * 1024, 0x25); })()) as unknown as Uint8Array))).toEqual(['file.too_large']);
    const wrong: Cover = { services: ['everything'], obligor: { name: 'a\u0000b', birthDate: '2026-02-30' }, children: [{ name: '', birthDate: '2012-01-01' }], fileNumber: 'x'.repeat(61) };
    expect(await codeOf(receive(aPng(), { cover: wrong }))).toEqual(['incoming.cover_invalid', 'incoming.cover_service', 'incoming.cover_name', 'incoming.cover_text', 'incoming.cover_text', 'incoming.cover_date']);
    expect(await codeOf(receive(aPng(), { receivedOn: '2026-11-19' }))).toEqual(['incoming.received_day_invalid']);
    expect(await count('kept_files')).toBe(files);
  });
});

describe('our own papers, come back', () => {
  let referralId: string;
  let packet: { packetId: string; bytes: Buffer; sha256: string };
  beforeAll(async () => {
    await bring(aFamily('IM-4', ['Leopoldo Arvizu Ceballos', 'Imelda Tirado Bojórquez', 'Ramiro Arvizu Tirado']));
    ({ referralId } = await createReferral(operator, { caseId: 'IM-4', partnerId: CALEXICO, services: ['enforce'] }));
    const built = await buildPacket(operator, referralId);
    await sendReferral(operator, referralId);
    const file = await readPacketContainer(operator, built.packetId);
    packet = { packetId: built.packetId, sha256: built.sha256, bytes: Buffer.isBuffer(file.bytes) ? file.bytes : await bytesOf(file.bytes as AsyncIterable<Uint8Array>) };
  });

  it('are known by their number and proposed to their referral, not opened as a request', async () => {
    const { incomingId } = await receive(packet.bytes);
    const view = await getIncoming(attorney, incomingId);
    expect(view).toMatchObject({ sender: 'ours', senderPacketId: packet.packetId, proposal: { kind: 'referral', referralId, caseId: 'IM-4', reason: 'own_packet' }, caseFindings: [] });
    expect(await codeOf(acceptIncoming(attorney, incomingId, { caseId: 'IM-4' }))).toEqual(['incoming.needs_referral']);
    expect(await acceptIncoming(attorney, incomingId, { referralId })).toEqual({ incomingId, state: 'linked', referralId });
    expect((await listReferrals(attorney, { caseId: 'IM-4', direction: 'incoming' })).total).toBe(0);
  });

  it('are known by the code of their reference sheet; a wrong one is told as far as it is nobody’s secret', async () => {
    const reference = typedReference({ packetId: packet.packetId, set: 1, digestPrefix: packet.sha256.slice(0, 8) });
    const by = async (given: Cover, size: number) => {
      const { incomingId, findings } = await receive(aPng(size, 20), { cover: given });
      const { proposal, caseFindings } = await getIncoming(attorney, incomingId);
      return [proposal?.kind, codesOf(caseFindings), codesOf(findings)];
    };
    expect(await by({ reference: reference.toLowerCase() }, 1)).toEqual(['referral', [], []]);
    expect(await by({ reference, ourNumber: 'IM-1' }, 2)).toEqual(['referral', ['incoming.reference_other_case'], []]);
    const wrong = `${reference.slice(0, -1)}${reference.endsWith('A') ? 'B' : 'A'}`;
    expect(await by({ reference: wrong }, 3)).toEqual(['new', [], ['printing.reference_mistyped']]);
    const unknown = typedReference({ packetId: 'pkt_01M00000000000000000000999', set: 1, digestPrefix: '00000000' });
    expect(await by({ reference: unknown }, 4)).toEqual(['new', ['printing.reference_unknown'], []]);
    const { incomingId } = await receive(aPng(5, 20), { partnerId: 'kr-kcsa', cover: { reference } }, operator);
    expect(await getIncoming(attorney, incomingId)).toMatchObject({ proposal: { kind: 'new' }, caseFindings: [{ code: 'incoming.reference_other_partner' }] });
    expect(await codeOf(acceptIncoming(attorney, incomingId, { referralId }))).toEqual(['incoming.other_partners_referral']);
  });

  it('are proposed to the referral that the partner’s answer names', async () => {
    const { incomingId } = await receive(partnerMessage(aFamily('X', ['Leopoldo Arvizu Ceballos', 'Imelda Tirado Bojórquez', 'Ramiro Arvizu Tirado']), { packetId: packetId(), referralId }));
    expect((await getIncoming(attorney, incomingId)).proposal).toMatchObject({ kind: 'referral', referralId, reason: 'referral_number', candidates: [{ caseId: 'IM-4' }] });
  });
});

describe('who sees what', () => {
  it('an officer sees the own partner’s receipts, without what was found about them; others see none', async () => {
    const korean = ctxOf({ id: 'usr_korea', roles: ['partner_officer'], partner: 'kr-kcsa' });
    const sent = await listSent(officer, { pageSize: 200 });
    expect(sent.total).toBeGreaterThan(20);
    expect(Object.keys(sent.rows[0] ?? {}).sort()).toEqual(['byteCount', 'fileName', 'findings', 'incomingId', 'reason', 'receivedAt', 'sha256', 'state']);
    expect((await listSent(korean, { pageSize: 200 })).rows.map(({ incomingId }) => incomingId).filter((id) => sent.rows.some((row) => row.incomingId === id))).toEqual([]);
    for (const work of [listIncoming(officer), getIncoming(officer, sent.rows[0]?.incomingId ?? ''), readIncomingFile(officer, sent.rows[0]?.incomingId ?? ''), listSent(attorney)]) {
      expect((await codeOf(work))[0]).toMatch(/^(access\.forbidden|incoming\.officers_only)$/);
    }
    const rows = await inTransaction(korean, (tx) => tx.tx.query<{ partner_id: string }[]>('select distinct partner_id from incoming_packets'));
    expect(rows).toEqual([{ partner_id: 'kr-kcsa' }]);
    expect(await inTransaction(officer, (tx) => tx.tx.query('select 1 from incoming_proposals'))).toEqual([]);
  });

  it('keeps names and numbers encrypted, and out of audit and events', async () => {
    const [row] = await behindTheWall<{ text: string }>(db, "select string_agg(to_jsonb(i)::text, ' ') || (select string_agg(p::text, ' ') from incoming_proposals p) || (select string_agg(details::text, ' ') from audit_events) || (select string_agg(body::text, ' ') from outbox_events) as text from incoming_packets i");
    expect(row?.text).toContain('inc_');
    expect(row?.text).not.toMatch(/Xicot|Barrag|Oficio|CLX|BOXW|expediente|León/u);
  });

  it('a person refuses with a reason that the sender is told; unknown reasons are none', async () => {
    const { incomingId } = await receive(aPng(40, 3), { cover: { obligor: { name: 'Nadie Conocido' } } });
    expect(await codeOf(refuseIncoming(attorney, incomingId, { reason: 'whim' }))).toEqual(['incoming.reason_unknown']);
    expect(await refuseIncoming(attorney, incomingId, { reason: 'not_our_case' })).toEqual({ incomingId, state: 'refused' });
    expect(await refuseIncoming(attorney, incomingId, { reason: 'not_our_case' })).toEqual({ incomingId, state: 'refused' });
    expect(await codeOf(acceptIncoming(attorney, incomingId, { caseId: 'IM-1', services: ['locate'] }))).toEqual(['incoming.decided']);
    expect((await listSent(officer)).rows.find((row) => row.incomingId === incomingId)).toMatchObject({ state: 'refused', reason: 'not_our_case' });
    const [open, decided] = [await listIncoming(attorney), await listIncoming(attorney, { show: 'decided' })];
    expect([open.rows.some((row) => row.incomingId === incomingId), decided.rows[0]?.state]).toEqual([false, expect.any(String)]);
    expect(await codeOf(getIncoming(attorney, 'inc_nothing'))).toEqual(['incoming.not_found']);
    expect(await count("audit_events where subject_id = $1 and action in ('incoming.received', 'incoming.refused')", [incomingId])).toBe(2);
  });
});

it('finds a child among siblings by the day of birth', async () => {
  await bring({ ...aFamily('IM-5', ['Everardo Limón Vizcarra', 'Octavia Cinco Peraza', 'Noé Limón Cinco']), participants: [...aFamily('IM-5', ['Everardo Limón Vizcarra', 'Octavia Cinco Peraza', 'Noé Limón Cinco']).participants, aChild({ participantId: 'P4', name: { given: 'Noemí', family: 'Limón', secondFamily: 'Cinco' }, birthDate: '2015-01-01' })] });
  const { incomingId } = await receive(aPng(50, 3), { cover: { obligor: { name: 'Everardo Limón Vizcarra' }, children: [{ name: 'Noemí Limón Cinco', birthDate: '2015-01-01' }] } });
  expect((await getIncoming(attorney, incomingId)).proposal).toMatchObject({ kind: 'case', caseId: 'IM-5', candidates: [{ score: 62 }] });
});
