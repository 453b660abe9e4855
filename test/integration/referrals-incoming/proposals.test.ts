import { Readable } from 'node:stream';
import {
  acceptIncoming, buildPacket, createReferral, getIncoming, getReferral, listIncoming, listReferrals, listSent, proposeAgain, readIncomingFile, readPacketContainer, refuseIncoming, sendReferral,
} from '../../../src/modules/referrals/index.ts';
import type { Cover } from '../../../src/modules/referrals/index.ts';
import { INCOMING_BYTES_MAX } from '../../../src/modules/referrals/index.ts';
import { typedReference } from '../../../src/modules/referrals/printing/reference.rules.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { aChild } from '../../support/cases/builders.ts';
import { behindTheWall } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { aLockedPaper, aPaper, aPng } from '../../support/referrals/paper-files.ts';
import { CALEXICO, partnerMessage } from '../../support/referrals-incoming/messages.ts';
import { aFamily, bytesOf, codeOf, codesOf, incomingScene, packetId } from '../../support/referrals-incoming/scene.ts';
import type { IncomingScene } from '../../support/referrals-incoming/scene.ts';

let scene: IncomingScene;
let db: TestDatabase;
let operator: Ctx;
let attorney: Ctx;
let officer: Ctx;
let ctxOf: IncomingScene['ctxOf'];
let bring: IncomingScene['bring'];
let receive: IncomingScene['receive'];
let count: IncomingScene['count'];
beforeAll(async () => {
  scene = await incomingScene();
  ({ db, operator, attorney, officer, ctxOf, bring, receive, count } = scene);
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
    // The same megabyte again and again: what is too large is refused while it comes.
    const megabyte = Buffer.alloc(1024 * 1024, 0x25);
    const beyond = INCOMING_BYTES_MAX / megabyte.length + 1;
    let given = 0;
    const endless = function* (): Generator<Buffer> { for (; given < 4 * beyond; given++) yield megabyte; };
    expect(await codeOf(receive(Readable.from(endless())))).toEqual(['file.too_large']);
    expect(given).toBeLessThan(beyond + 64);
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
    expect(sent.total).toBeGreaterThan(10);
    expect(Object.keys(sent.rows[0] ?? {}).sort()).toEqual(['byteCount', 'fileName', 'findings', 'incomingId', 'reason', 'receivedAt', 'referralId', 'sha256', 'state']);
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
    expect(await count("queue_items where subject_id = $1", [incomingId])).toBe(0);
    expect(await count("audit_events where subject_id = $1 and action in ('incoming.received', 'incoming.refused')", [incomingId])).toBe(2);
  });
});

it('finds a child among siblings by the day of birth', async () => {
  await bring({ ...aFamily('IM-5', ['Everardo Limón Vizcarra', 'Octavia Cinco Peraza', 'Noé Limón Cinco']), participants: [...aFamily('IM-5', ['Everardo Limón Vizcarra', 'Octavia Cinco Peraza', 'Noé Limón Cinco']).participants, aChild({ participantId: 'P4', name: { given: 'Noemí', family: 'Limón', secondFamily: 'Cinco' }, birthDate: '2015-01-01' })] });
  const { incomingId } = await receive(aPng(50, 3), { cover: { obligor: { name: 'Everardo Limón Vizcarra' }, children: [{ name: 'Noemí Limón Cinco', birthDate: '2015-01-01' }] } });
  expect((await getIncoming(attorney, incomingId)).proposal).toMatchObject({ kind: 'case', caseId: 'IM-5', candidates: [{ score: 62 }] });
});
