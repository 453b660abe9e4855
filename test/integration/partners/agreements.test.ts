import { readFileSync } from 'node:fs';
import { approveAgreement, endAgreement, getAgreement, getAgreementProposal, listAgreements, openAgreementPaper, proposeAgreement, recordAgreement, refuseAgreement, requireAgreement } from '../../../src/modules/partners/index.ts';
import type { AgreementRecord } from '../../../src/modules/partners/index.ts';
import { acceptIncoming, buildPacket, createReferral, draftPacket, getReferral, listDisclosures, sendReferral } from '../../../src/modules/referrals/index.ts';
import { aPaper } from '../../support/referrals/paper-files.ts';
import { codeOf, incomingScene } from '../../support/referrals-incoming/scene.ts';
import type { IncomingScene } from '../../support/referrals-incoming/scene.ts';
import { behindTheWall } from '../../support/database.ts';

const CALEXICO = 'mx-consulate-calexico';
const MOU = 'mx-consulate-calexico-mou';
const TODAY = '2026-11-20';
const builtIn = (id: string): AgreementRecord => JSON.parse(readFileSync(new URL(`../../../src/modules/partners/agreements/data/${id}.json`, import.meta.url), 'utf8')) as AgreementRecord;
const fact = <T>(value: T) => ({ value, confirmed: true, sources: ['paper'] });

let scene: IncomingScene;
beforeEach(async () => {
  scene = await incomingScene();
});
const asked = (more: Partial<Parameters<typeof requireAgreement>[1]> = {}) => ({ partnerId: CALEXICO, county: '06025', services: ['enforce'], on: TODAY, ...more });
const end = (from: string | null = null, agreementId = MOU) => endAgreement(scene.operator, { agreementId, from, reason: 'ended_by_partner' });

async function sealed(partnerId = CALEXICO): Promise<string> {
  const { referralId, findings } = await createReferral(scene.attorney, { caseId: 'IM-1', partnerId, services: ['enforce'] });
  expect(findings.filter(({ code }) => code.startsWith('agreement.'))).toEqual([]);
  await buildPacket(scene.operator, referralId);
  return referralId;
}

describe('sending', () => {
  it('is allowed by the agreement in force, which is written down with it', async () => {
    const referralId = await sealed();
    expect((await draftPacket(scene.attorney, referralId)).agreement).toMatchObject({ isAllowed: true, agreements: [{ agreementId: MOU, version: 1, isConfirmed: false }] });
    await sendReferral(scene.attorney, referralId);
    const under = [{ agreementId: MOU, version: 1, kind: 'mou', basis: 'mou', services: ['enforce'], validFrom: '2018-01-01', lastDay: null, isConfirmed: false }];
    const officer = scene.ctxOf({ id: 'usr_officer', roles: ['partner_officer'], partner: CALEXICO });
    for (const who of [scene.attorney, officer]) expect((await getReferral(who, referralId)).sentUnder).toMatchObject(under);
    const { rows } = await listDisclosures(scene.attorney, { referralId });
    expect(rows.find(({ kind }) => kind === 'delivered')?.record.grounds?.agreements).toMatchObject(under);
    const [audit] = await behindTheWall<{ details: { agreements: string } }>(scene.db, "select details from audit_events where action = 'referral.sent'");
    expect(audit?.details.agreements).toBe(`${MOU}:1`);
    // What happens to the agreement afterwards changes nothing of what was written down.
    await end();
    expect((await getReferral(scene.attorney, referralId)).sentUnder).toMatchObject(under);
  });

  it('is refused where it was ended between seal and sending; the packet stays sealed, and leaves once there is a further version', async () => {
    const referralId = await sealed();
    await end();
    await expect(sendReferral(scene.attorney, referralId)).rejects.toMatchObject({ kind: 'conflict', code: 'agreement.none_allows', findings: [{ code: 'agreement.none_in_force' }, { code: 'agreement.ended', params: { agreement: MOU, until: '2026-11-19' } }] });
    expect([(await getReferral(scene.attorney, referralId)).status, await scene.count('packet_deliveries')]).toEqual(['sealed', 0]);
    // Creating and sealing only warn.
    const draft = await draftPacket(scene.attorney, referralId);
    expect(draft.findings.filter(({ code }) => code.startsWith('agreement.')).map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warn agreement.none_in_force', 'warn agreement.ended']);
    expect((await buildPacket(scene.operator, referralId)).alreadySealed).toBe(true);
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2, validFrom: fact(TODAY) } });
    await sendReferral(scene.attorney, referralId);
    expect((await getReferral(scene.attorney, referralId)).sentUnder).toMatchObject([{ agreementId: MOU, version: 2 }]);
  });

  it('needs a named approver where only an informal practice allows it, whatever the profile says', async () => {
    const referralId = await sealed();
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2, kind: 'practice', basis: 'informal' } });
    expect(await draftPacket(scene.attorney, referralId)).toMatchObject({ needsApprover: true, findings: expect.arrayContaining([expect.objectContaining({ code: 'referral.approver_needed' })]) as unknown });
    expect(await codeOf(sendReferral(scene.attorney, referralId))).toEqual(['referral.approver_needed']);
    await sendReferral(scene.attorney, referralId, { approver: 'Ana Ríos' });
    expect((await getReferral(scene.attorney, referralId)).sentUnder).toMatchObject([{ basis: 'informal', version: 2 }]);
  });

  it('is refused where the debtor lives outside of the regions covered, without saying where', async () => {
    const referralId = await sealed();
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2, regions: fact(['MX-OAX']) } });
    await expect(sendReferral(scene.attorney, referralId)).rejects.toMatchObject({ findings: [{ code: 'agreement.region_not_covered', params: { agreement: MOU } }] });
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 3, regions: fact(['MX-OAX', 'MX-BCN']) } });
    await sendReferral(scene.attorney, referralId);
  });
});

describe('what comes in', () => {
  it('is kept all the same, waits undecided without an agreement, and is acted on once there is one', async () => {
    await end();
    const { incomingId } = await scene.receive(await aPaper(), { cover: { services: ['enforce'] } });
    await expect(acceptIncoming(scene.attorney, incomingId, { caseId: 'IM-2', services: ['enforce'] })).rejects.toMatchObject({ code: 'agreement.none_allows' });
    expect(await scene.count("incoming_packets where state in ('filed', 'proposed')")).toBe(1);
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2 } });
    expect(await acceptIncoming(scene.attorney, incomingId, { caseId: 'IM-2', services: ['enforce'] })).toMatchObject({ state: 'accepted' });
  });
});

describe('requireAgreement', () => {
  it('goes by the day asked for, to the day', async () => {
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2, validFrom: fact('2026-06-01'), validUntil: fact('2026-11-20') } });
    expect((await requireAgreement(scene.operator, asked({ on: '2026-05-31' }))).agreements).toMatchObject([{ version: 1 }]);
    expect(await requireAgreement(scene.operator, asked())).toMatchObject({ agreements: [{ version: 2 }], findings: [{ code: 'agreement.ends_soon', params: { days: 0 } }] });
    expect(await codeOf(requireAgreement(scene.operator, asked({ on: '2026-11-21' })))).toEqual(['agreement.none_allows', 'agreement.none_in_force', 'agreement.expired']);
    expect(await codeOf(requireAgreement(scene.operator, asked({ county: '06037' })))).toEqual(['agreement.none_allows', 'agreement.county_not_covered']);
  });

  it('holds for an officer, whose own partner’s versions and ends are within sight, and nobody else’s', async () => {
    expect((await requireAgreement(scene.officer, asked())).agreements).toMatchObject([{ agreementId: MOU }]);
    await recordAgreement(scene.operator, { record: { ...builtIn('kr-kcsa-informal'), version: 2 } });
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2, partners: fact(['mx-sre']) } });
    // The further version no longer names the consulate: its officer learns that, and not what it says.
    expect(await codeOf(requireAgreement(scene.officer, asked()))).toEqual(['agreement.none_allows', 'agreement.none_in_force']);
    expect(await listAgreements(scene.officer)).toEqual([]);
    expect(await codeOf(getAgreement(scene.officer, MOU))).toEqual(['agreement.not_found']);
    expect(await codeOf(getAgreement(scene.officer, 'kr-kcsa-informal'))).toEqual(['agreement.not_found']);
  });

  it('is another agency’s own matter', async () => {
    await end();
    const other = scene.ctxOf({ agency: 'us-nv' });
    expect((await requireAgreement(other, asked())).isAllowed).toBe(true);
    expect(await codeOf(requireAgreement(scene.operator, asked()))).toContain('agreement.none_allows');
  });
});

describe('recording', () => {
  it('adds the next version, once, with its paper, and keeps those before', async () => {
    const record = { ...builtIn(MOU), version: 2, validFrom: fact('2027-01-01') };
    const paper = { fileName: 'mou.pdf', bytes: await aPaper() };
    expect(await recordAgreement(scene.operator, { record, paper })).toEqual({ agreementId: MOU, version: 2, isRepeat: false });
    expect(await recordAgreement(scene.operator, { record, paper })).toMatchObject({ isRepeat: true });
    expect(await codeOf(recordAgreement(scene.operator, { record: { ...record, counties: fact(['06037']) } }))).toEqual(['agreement.version_expected']);
    expect(await codeOf(recordAgreement(scene.operator, { record: { ...record, version: 4 } }))).toEqual(['agreement.version_expected']);
    const found = await getAgreement(scene.attorney, MOU);
    expect([found.record.version, found.history.map((line) => [line.record.version, line.origin, line.hasPaper])]).toEqual([1, [[2, 'recorded', true], [1, 'program', false]]]);
    const county = scene.ctxOf({ id: 'usr_imperial', roles: ['attorney'], counties: ['06025'] });
    const chunks: Buffer[] = [];
    for await (const chunk of (await openAgreementPaper(county, MOU, 2)).bytes) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(paper.bytes)).toBe(true);
    expect(await codeOf(openAgreementPaper(scene.officer, MOU, 2))).toEqual(['agreement.not_found']);
    expect(await scene.count("audit_events where action like 'agreement.%'")).toBe(2);
  });

  it('gives two people two answers: one recorded, the other told the next number', async () => {
    const versions = await Promise.all(['06025', '06037'].map((county) => codeOf(recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2, counties: fact([county]) } }))));
    expect(versions.flat().sort()).toEqual(['agreement.version_expected', 'done']);
  });

  it('refuses what is no agreement, at its place, and writes nothing', async () => {
    const wrong = { ...builtIn(MOU), version: 2, partners: fact([CALEXICO, 'mx-nobody']), validUntil: fact('2017-01-01') };
    await expect(recordAgreement(scene.operator, { record: wrong })).rejects.toMatchObject({ code: 'agreement.invalid', findings: [{ code: 'agreement.ends_before_it_begins', path: '/validUntil/value' }] });
    await expect(recordAgreement(scene.operator, { record: { ...wrong, validUntil: fact(null) } })).rejects.toMatchObject({ findings: [{ code: 'agreement.partner_unknown', path: '/partners/value/1' }] });
    expect(await codeOf(recordAgreement(scene.operator, { record: 'x' }))).toEqual(['agreement.invalid', 'agreement.schema']);
    expect(await codeOf(recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2 }, paper: { fileName: 'a.pdf', bytes: Buffer.from('MZ') } }))).toEqual(['agreement.paper_unreadable']);
    expect(await codeOf(recordAgreement(scene.operator, { record: JSON.parse('{"__proto__": {"agreementId": "x"}}') }))).toContain('agreement.invalid');
    expect([await scene.count('agreement_versions'), await scene.count("audit_events where action like 'agreement.%'")]).toEqual([0, 0]);
  });

  it('and ending are for supervisors and the operator alone', async () => {
    for (const who of [scene.attorney, scene.officer, scene.ctxOf({ roles: ['reconciler'] })]) {
      expect(await codeOf(recordAgreement(who, { record: { ...builtIn(MOU), version: 2 } }))).toEqual(['access.forbidden']);
      expect(await codeOf(endAgreement(who, { agreementId: MOU, reason: 'ended_by_us' }))).toEqual(['access.forbidden']);
    }
    expect(await recordAgreement(scene.ctxOf({ roles: ['supervisor'], counties: ['06025'] }), { record: { ...builtIn(MOU), version: 2 } })).toMatchObject({ version: 2 });
  });
});

describe('a version that allows more', () => {
  const next = (more: Partial<AgreementRecord>) => ({ ...builtIn(MOU), version: 2, ...more });
  const unconfirmed = <T>(value: T) => ({ value, confirmed: false, sources: ['entered'] });
  const supervisor = () => scene.ctxOf({ id: 'usr_supervisor', roles: ['supervisor'] });
  const second = () => scene.ctxOf({ id: 'usr_second', roles: ['supervisor'] });
  it.each([
    ['partners', { partners: unconfirmed([CALEXICO, 'mx-sre']) }], ['counties', { counties: unconfirmed(['06025', '06037']) }], ['basis', { kind: 'protocol', basis: 'treaty' }], ['confirmed', { validFrom: fact('2018-01-01') }],
  ] as [string, Partial<AgreementRecord>][])('by its %s is proposed by one and put into force by another', async (widens, more) => {
    expect(await codeOf(recordAgreement(supervisor(), { record: next(more) }))).toEqual(['agreement.second_person']);
    expect(await proposeAgreement(supervisor(), next(more))).toEqual({ agreementId: MOU, version: 2, isProposed: true });
    const proposal = await getAgreementProposal(second(), MOU);
    expect(proposal).toMatchObject({ widenings: [widens], proposedBy: 'usr_supervisor', isOwn: false });
    expect((await getAgreement(scene.attorney, MOU)).history).toHaveLength(1);
    const asked = { agreementId: MOU, digest: proposal?.digest ?? '' };
    expect(await codeOf(approveAgreement(supervisor(), asked))).toEqual(['agreement.second_person']);
    for (const who of [scene.attorney, scene.officer, scene.operator]) expect(await codeOf(approveAgreement(who, asked))).toEqual(['access.forbidden']);
    expect(await approveAgreement(second(), asked)).toMatchObject({ version: 2 });
    expect([(await getAgreement(scene.attorney, MOU)).record.version, await getAgreementProposal(second(), MOU)]).toEqual([2, null]);
    const [audit] = await behindTheWall<{ details: object }>(scene.db, "select details from audit_events where action = 'agreement.recorded'");
    expect(audit?.details).toMatchObject({ preparedBy: 'usr_supervisor' });
  });

  it('may be refused, and narrowing and ending take one person; what was ended comes back by two', async () => {
    await proposeAgreement(supervisor(), next({ regions: unconfirmed(['MX']), counties: unconfirmed(['06025', '06037']) }));
    const proposal = await getAgreementProposal(second(), MOU);
    await proposeAgreement(supervisor(), next({ counties: unconfirmed(['06025', '06073']) }));
    expect(await codeOf(approveAgreement(second(), { agreementId: MOU, digest: proposal?.digest ?? '' }))).toEqual(['agreement.proposal_changed']);
    await refuseAgreement(second(), { agreementId: MOU, digest: (await getAgreementProposal(second(), MOU))?.digest ?? '' });
    expect(await getAgreementProposal(second(), MOU)).toBeNull();
    expect(await proposeAgreement(supervisor(), next({ validUntil: unconfirmed('2027-12-31') }))).toMatchObject({ isProposed: false });
    await endAgreement(supervisor(), { agreementId: MOU, from: TODAY, reason: 'ended_by_us' });
    expect(await codeOf(endAgreement(supervisor(), { agreementId: MOU, from: '2026-12-31', reason: 'ended_by_us' }))).toEqual(['agreement.end_later']);
    expect(await proposeAgreement(supervisor(), { ...next({ validUntil: unconfirmed('2027-12-31') }), version: 3 })).toMatchObject({ isProposed: true });
  });
});

describe('ending', () => {
  it('is said once, may be said again with another day, and takes a day and a reason that make sense', async () => {
    expect(await end()).toEqual({ agreementId: MOU, version: 1, endedFrom: TODAY, reason: 'ended_by_partner', isRepeat: false });
    expect(await end()).toMatchObject({ isRepeat: true });
    expect(await end('2026-12-31')).toMatchObject({ isRepeat: false });
    expect((await getAgreement(scene.attorney, MOU))).toMatchObject({ standing: 'ends_soon', lastDay: '2026-12-30', ends: [{ position: 1 }, { position: 2 }] });
    expect(await codeOf(end('2026-02-30'))).toEqual(['agreement.end_day_invalid']);
    expect(await codeOf(end(null, 'none'))).toEqual(['agreement.not_found']);
    expect(await codeOf(endAgreement(scene.operator, { agreementId: MOU, reason: 'because' }))).toEqual(['agreement.end_reason_unknown']);
    await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2, validUntil: fact('2026-12-31') } });
    expect(await codeOf(end('2027-01-01'))).toEqual(['agreement.end_day_invalid']);
  });

  it('goes by the agency’s day', async () => {
    // Early morning in UTC is still the evening before in California.
    const late = scene.ctxOf({ now: '2026-11-21T05:00:00Z' });
    expect(await endAgreement(late, { agreementId: MOU, reason: 'ended_by_us' })).toMatchObject({ endedFrom: '2026-11-20' });
  });
});

it('what was recorded stays: no version and no end is changed or deleted', async () => {
  await recordAgreement(scene.operator, { record: { ...builtIn(MOU), version: 2 } });
  await end();
  for (const table of ['agreement_versions', 'agreement_ends']) {
    await expect(behindTheWall(scene.db, `update ${table} set recorded_by = 'x'`)).rejects.toThrow(/append-only/);
    await expect(behindTheWall(scene.db, `delete from ${table}`)).rejects.toThrow(/append-only/);
  }
});

