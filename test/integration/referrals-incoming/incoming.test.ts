import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { acceptIncoming, getIncoming, getReferral, listIncoming, listReferrals, listSent, proposeAgain, readIncomingFile, refuseIncoming } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { PARTNER_FILES_A_DAY_MAX } from '../../../src/modules/referrals/incoming/incoming.rules.ts';
import { behindTheWall } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { aPng } from '../../support/referrals/paper-files.ts';
import { aMexicanCase, aSigner } from '../../support/referrals/packets.ts';
import { CALEXICO, partnerMessage, sealed } from '../../support/referrals-incoming/messages.ts';
import { bytesOf, codeOf, codesOf, incomingScene, packetId } from '../../support/referrals-incoming/scene.ts';
import type { IncomingScene } from '../../support/referrals-incoming/scene.ts';

let scene: IncomingScene;
let db: TestDatabase;
let operator: Ctx;
let attorney: Ctx;
let officer: Ctx;
let theirs: IncomingScene['theirs'];
let ctxOf: IncomingScene['ctxOf'];
let receive: IncomingScene['receive'];
let count: IncomingScene['count'];
beforeAll(async () => {
  scene = await incomingScene();
  ({ db, operator, attorney, officer, theirs, ctxOf, receive, count } = scene);
});

describe('a signed packet of the partner', () => {
  it('is kept as it came, read, and proposed to the one case that it fits', async () => {
    const bytes = sealed(partnerMessage(aMexicanCase(), { packetId: packetId(), theirNumber: 'CLX/2026/0007', services: ['enforce', 'locate'] }), theirs.signer);
    const received = await receive(Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]), { fileName: 'exp. León.asice' });
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
    // Until somebody decides it waits in the queue of those who see every county.
    expect(await count("queue_items where kind = 'incoming_packet' and subject_id = $1 and due_on = '2026-12-03' and county is null", [incomingId])).toBe(1);
    const accepted = await acceptIncoming(attorney, incomingId, { caseId: 'IM-1' });
    expect(accepted.state).toBe('accepted');
    const referral = await getReferral(county, accepted.referralId);
    expect(referral).toMatchObject({ direction: 'incoming', status: 'delivered', caseId: 'IM-1', partnerId: CALEXICO, services: ['modify'] });
    expect(referral.clocks.find(({ clock }) => clock === 'registry.intake')).toMatchObject({ startedOn: '2026-11-17', dueOn: '2026-12-03' });
    expect(await count("queue_items where subject_id = $1", [accepted.referralId])).toBe(1);
    expect(await count("queue_items where subject_id = $1", [incomingId])).toBe(0);
    // The same again is the same; another case is not.
    expect(await acceptIncoming(attorney, incomingId, { caseId: 'IM-1' })).toEqual(accepted);
    expect(await codeOf(acceptIncoming(attorney, incomingId, { caseId: 'IM-2' }))).toEqual(['incoming.decided']);
    expect(await codeOf(refuseIncoming(attorney, incomingId, { reason: 'other' }))).toEqual(['incoming.decided']);
    const seen = await getIncoming(county, incomingId);
    expect([seen.state, seen.county, seen.candidates]).toEqual(['accepted', '06025', []]);
    expect(await bytesOf((await readIncomingFile(county, incomingId)).bytes)).toHaveLength(seen.byteCount);
    expect((await listSent(officer)).rows.find((row) => row.incomingId === incomingId)).toMatchObject({ state: 'accepted', reason: null, referralId: accepted.referralId });
    expect((await listIncoming(county, { referralId: accepted.referralId })).rows.map((row) => row.incomingId)).toEqual([incomingId]);
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

it('a partner’s officers send so much within a day and no more, and the agency’s own people file what comes by mail all the same', async () => {
  const losAngeles = 'mx-consulate-los-angeles';
  const theirOfficer = ctxOf({ id: 'usr_los_angeles', roles: ['partner_officer'], partner: losAngeles });
  const sent = (width: number, who: Ctx) => receive(aPng(width, 30), { partnerId: losAngeles, fileName: 'a.png' }, who);
  const { incomingId } = await sent(30, theirOfficer);
  const alike = (from: number, to: number) => behindTheWall(
    db,
    `insert into incoming_packets (agency_id, incoming_id, partner_id, kind, state, file_id, sha256, byte_count, received_on, received_at, received_by, details_encrypted, findings)
     select agency_id, 'inc_more_' || n, partner_id, kind, 'refused', file_id, md5(n::text) || md5(n::text), byte_count, received_on, received_at, received_by, details_encrypted, '[]'
       from incoming_packets, generate_series(${from}, ${to}) n where incoming_id = '${incomingId}'`,
  );
  await alike(1, PARTNER_FILES_A_DAY_MAX - 2);
  expect((await sent(31, theirOfficer)).state).toBe('received');
  const files = await count('kept_files');
  expect(await codeOf(sent(32, theirOfficer))).toEqual(['incoming.too_much_today']);
  expect(await count('kept_files')).toBe(files);
  expect((await sent(32, operator)).state).toBe('received');
  // It is counted for each partner, and for a day.
  expect((await receive(aPng(33, 30))).state).toBe('received');
  const tomorrow = ctxOf({ id: 'usr_los_angeles', roles: ['partner_officer'], partner: losAngeles, now: new Date(theirOfficer.clock.now().getTime() + 25 * 3_600_000).toISOString() });
  expect((await sent(34, tomorrow)).state).toBe('received');
});
