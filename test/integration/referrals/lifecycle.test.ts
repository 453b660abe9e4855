import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import {
  buildPacket, createReferral, getReferral, listReferrals, moveReferral, receiveReferral, recordAwaitedItem, sendReferral,
} from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { aKoreanCase, aMexicanCase } from '../../support/referrals/packets.ts';
import { signingDatabase } from '../../support/referrals/signing-database.ts';
import type { SigningDatabase } from '../../support/referrals/signing-database.ts';

const CALEXICO = 'mx-consulate-calexico';

let db: TestDatabase;
let ctxOf: SigningDatabase['ctxOf'];
beforeAll(async () => {
  ({ db, ctxOf } = await signingDatabase());
});
const on = (day: string, given: TestActor = {}): Ctx => ({ ...ctxOf(given), clock: fixedClock(`${day}T20:00:00Z`) });
const officer = (day = '2026-11-20', partner = CALEXICO): Ctx => on(day, { roles: ['partner_officer'], partner, id: 'usr_officer' });
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

async function bring(supportCase: SupportCase): Promise<string> {
  await importCaseExtract(ctxOf(), { fileName: 'cases.ndjson', source: Readable.from(extractOf([supportCase])) });
  return supportCase.caseId;
}

async function opened(caseId: string, partnerId = CALEXICO, services = ['enforce']): Promise<string> {
  await bring(partnerId === 'kr-kcsa' ? aKoreanCase({ caseId }) : aMexicanCase({ caseId }));
  return (await createReferral(ctxOf(), { caseId, partnerId, services })).referralId;
}

async function sent(caseId: string, partnerId = CALEXICO): Promise<string> {
  const referralId = await opened(caseId, partnerId);
  await buildPacket(ctxOf(), referralId);
  await sendReferral(ctxOf(), referralId, { approver: 'Ana Ríos' });
  return referralId;
}

const clocksOf = async (referralId: string) => Object.fromEntries((await getReferral(ctxOf(), referralId)).clocks.map((clock) => [clock.clock, clock]));

describe('an outgoing referral', () => {
  it('goes from the draft to the answer, and each step starts and stops its clocks', async () => {
    const referralId = await sent('LC-1');
    expect(await clocksOf(referralId)).toMatchObject({ 'referral.send': { stoppedOn: null, dueOn: '2026-12-10' }, 'interest.notify': { dueOn: '2027-11-20', isBinding: true } });
    // The consulate confirms, and passes it on to Mexico City: receipt there is what the law counts.
    expect(await moveReferral(officer('2026-11-23'), referralId, 'deliver')).toMatchObject({ from: 'sent', status: 'delivered' });
    expect((await clocksOf(referralId))['hague.acknowledge']).toMatchObject({ startedOn: '2026-11-23', dueOn: '2027-01-04', isBinding: false, side: 'theirs' });
    await moveReferral(officer('2026-11-30'), referralId, 'forward', { hop: 'mx-sre' });
    expect((await clocksOf(referralId))['referral.send']).toMatchObject({ stoppedOn: '2026-11-30', stoppedBy: 'forward' });
    await moveReferral(officer('2026-12-01'), referralId, 'forward', { hop: 'state_office' });
    await moveReferral(officer('2026-12-10'), referralId, 'accept');
    expect(await clocksOf(referralId)).toMatchObject({ 'hague.acknowledge': { stoppedOn: '2026-12-10' }, 'hague.status': { startedOn: '2026-12-10', dueOn: '2027-03-10', isBinding: false } });
    await moveReferral(officer('2027-01-10'), referralId, 'report_incomplete', { reason: 'translation_missing' });
    expect(await clocksOf(referralId)).toMatchObject({ 'hague.status': { pausedOn: '2027-01-10' }, 'information.answer': { dueOn: '2027-02-09', isBinding: true, citation: '45 CFR 303.7(c)(6)' } });
    await moveReferral(on('2027-01-20'), referralId, 'promise', { promisedOn: '2027-03-01' });
    expect((await clocksOf(referralId))['information.answer']).toMatchObject({ dueOn: '2027-02-09', promisedOn: '2027-03-01', satisfiedOn: '2027-01-20', countsOn: '2027-03-01', stoppedOn: null });
    await moveReferral(on('2027-02-20'), referralId, 'supply');
    expect(await clocksOf(referralId)).toMatchObject({
      'information.answer': { stoppedOn: '2027-02-20' },
      'hague.status': { pausedOn: null, dueOn: '2027-04-20', pauses: [{ from: '2027-01-10', until: '2027-02-20' }] },
    });
    for (const move of ['accept', 'begin', 'answer']) await moveReferral(officer('2027-03-01'), referralId, move);
    await moveReferral(on('2027-03-02'), referralId, 'close', { reason: 'request_answered' });
    const view = await getReferral(ctxOf(), referralId);
    expect(view).toMatchObject({ status: 'closed', allowedMoves: ['tell_closure'] });
    expect(view.clocks.filter((clock) => clock.stoppedOn === null)).toMatchObject([{ clock: 'case.retain', startedOn: '2027-03-02', dueOn: '2030-03-02', sense: 'earliest' }]);
    expect(view.moves.map((move) => move.move)).toEqual(['open', null, 'send', 'deliver', 'forward', 'forward', 'accept', 'report_incomplete', 'promise', 'supply', 'accept', 'begin', 'answer', 'close'].map(
      (move, index) => (index === 1 ? view.moves[1]?.move ?? null : move)));
    expect(view.moves.filter((move) => move.hop !== null).map((move) => move.hop)).toEqual(['mx-sre', 'state_office']);
    // A closed referral is no work until its record may be destroyed.
    expect(await behindTheWall(db, 'select available_on::text as day from queue_items where subject_id = $1', [referralId])).toEqual([{ day: '2030-03-02' }]);
  });

  it('binds nobody toward a country without an arrangement, and says so', async () => {
    const referralId = await sent('LC-2', 'kr-kcsa');
    expect(await clocksOf(referralId)).toMatchObject({ 'referral.send': { stoppedOn: '2026-11-20', isBinding: false }, 'interest.notify': { isBinding: false } });
    await moveReferral(officer('2026-11-20', 'kr-kcsa'), referralId, 'deliver');
    expect((await clocksOf(referralId))['hague.acknowledge']).toMatchObject({ isBinding: false });
  });

  it('awaits what the partner’s profile asks for, where nothing else is said', async () => {
    const referralId = await opened('LC-AW');
    const asked = (await getReferral(ctxOf(), referralId)).suggested;
    expect(asked).toEqual(['certified_copies', 'apostille']);
    await moveReferral(ctxOf(), referralId, 'await_items');
    const view = await getReferral(ctxOf(), referralId);
    expect(view.awaited.map(({ item }) => item).sort()).toEqual([...asked].sort());
    expect(view.suggested).toEqual([]);
  });

  it('waits for what must come from outside, and counts it off', async () => {
    const referralId = await opened('LC-3');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'await_items', { items: [] }))).toBe('referral.items_needed');
    await moveReferral(ctxOf(), referralId, 'await_items', { items: ['notary', 'apostille'] });
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'review'))).toBe('referral.awaited_open');
    expect(await codeOf(buildPacket(ctxOf(), referralId))).toBe('referral.move_refused');
    expect(await codeOf(recordAwaitedItem(ctxOf(), referralId, 'certified_copies'))).toBe('referral.item_not_awaited');
    await recordAwaitedItem(ctxOf(), referralId, 'notary');
    const refused = await moveReferral(ctxOf(), referralId, 'review').catch((error: unknown) => error as AppError);
    expect((refused as AppError).findings.map((finding) => finding.code)).toEqual(['referral.awaits_apostille']);
    expect((await recordAwaitedItem(ctxOf(), referralId, 'apostille')).map(({ doneOn }) => doneOn)).toEqual(['2026-11-20', '2026-11-20']);
    await moveReferral(on('2026-11-20', { roles: ['translator'] }), referralId, 'review');
    expect((await buildPacket(ctxOf(), referralId)).pages).toBeGreaterThan(1);
  });

  it('hides a correction from the partner, who sees what was sent and may do nothing meanwhile', async () => {
    const referralId = await sent('LC-4');
    await moveReferral(officer(), referralId, 'deliver');
    await bring(aMexicanCase({ caseId: 'LC-4', balances: [{ bucket: 'arrears_unassigned', amount: '1.00', currency: 'USD', asOf: '2026-10-31' }] }));
    await buildPacket(ctxOf(), referralId);
    expect(await getReferral(ctxOf(), referralId)).toMatchObject({ status: 'sealed' });
    expect(await getReferral(officer(), referralId)).toMatchObject({ status: 'delivered', allowedMoves: [], clocks: [], clock: null, awaited: [] });
    expect(await codeOf(moveReferral(officer(), referralId, 'accept'))).toBe('referral.move_not_now');
    await sendReferral(ctxOf(), referralId);
    expect((await getReferral(officer(), referralId)).allowedMoves).toContain('deliver');
    expect((await getReferral(officer(), referralId)).moves.map(({ toStatus }) => toStatus)).toEqual(['sent', 'delivered', 'sent']);
  });

  it('is replaced by another of its case, and starts the notice of closure where the case is closed', async () => {
    const first = await sent('LC-5');
    const second = (await createReferral(ctxOf(), { caseId: 'LC-5', partnerId: 'mx-sre', services: ['enforce'] })).referralId;
    const stranger = await opened('LC-59');
    expect(await codeOf(moveReferral(ctxOf(), first, 'supersede'))).toBe('referral.replacement_needed');
    for (const replacement of [first, stranger, 'ref_nothing']) expect(await codeOf(moveReferral(ctxOf(), first, 'supersede', { replacement }))).toBe('referral.replacement_unfit');
    await moveReferral(ctxOf(), first, 'supersede', { replacement: second });
    expect(await getReferral(ctxOf(), first)).toMatchObject({ status: 'superseded', supersededBy: second });
    // What is superseded is not open any more: the same may be asked anew.
    expect((await createReferral(ctxOf(), { caseId: 'LC-5', partnerId: CALEXICO, services: ['enforce'] })).alreadyOpen).toBe(false);
    await moveReferral(ctxOf(), second, 'withdraw', { reason: 'case_closed' });
    expect((await getReferral(ctxOf(), second)).clocks.filter((clock) => clock.stoppedOn === null)).toEqual([]);
    const third = await sent('LC-6');
    await moveReferral(ctxOf(), third, 'withdraw', { reason: 'case_closed' });
    expect((await clocksOf(third))['closure.notify']).toMatchObject({ dueOn: '2026-12-08', stoppedOn: null, citation: '45 CFR 303.7(c)(11)' });
    await moveReferral(on('2026-11-25'), third, 'tell_closure');
    expect((await clocksOf(third))['closure.notify']).toMatchObject({ stoppedOn: '2026-11-25' });
  });
});

describe('an incoming referral', () => {
  it('begins with us, shows itself to the partner that asked, and keeps our deadlines', async () => {
    const caseId = await bring(aMexicanCase({ caseId: 'LC-10' }));
    const request = { caseId, partnerId: CALEXICO, services: ['enforce'], receivedOn: '2026-11-16' };
    const { referralId } = await receiveReferral(ctxOf(), request);
    expect(await receiveReferral(ctxOf(), request)).toMatchObject({ referralId, alreadyOpen: true });
    // Ours to them for the same case and service is another one.
    expect((await createReferral(ctxOf(), { caseId, partnerId: CALEXICO, services: ['enforce'] })).alreadyOpen).toBe(false);
    expect(await clocksOf(referralId)).toMatchObject({ 'registry.intake': { startedOn: '2026-11-16', dueOn: '2026-12-02' }, 'case.open': { dueOn: '2026-12-06' } });
    expect((await listReferrals(officer(), { direction: 'incoming' })).rows.map((row) => row.referralId)).toEqual([referralId]);
    expect(await codeOf(getReferral(officer('2026-11-20', 'kr-kcsa'), referralId))).toBe('referral.not_found');
    expect(await codeOf(moveReferral(officer(), referralId, 'accept'))).toBe('referral.move_not_yours');
    await moveReferral(on('2026-11-18'), referralId, 'accept', { on: '2026-11-17' });
    expect((await clocksOf(referralId))['responding.work']).toMatchObject({ startedOn: '2026-11-17', dueOn: '2027-01-31' });
    await moveReferral(on('2026-11-30'), referralId, 'report_incomplete', { reason: 'order_copy_missing' });
    await moveReferral(officer('2026-12-10'), referralId, 'supply');
    expect((await clocksOf(referralId))['responding.work']).toMatchObject({ dueOn: '2027-02-10', pausedOn: null });
    await moveReferral(officer('2026-12-11'), referralId, 'ask');
    expect((await clocksOf(referralId))['status.answer']).toMatchObject({ dueOn: '2026-12-18', citation: '45 CFR 303.7(b)(4)' });
    await moveReferral(officer('2026-12-12'), referralId, 'withdraw', { reason: 'asked_by_petitioner' });
    const open = (await getReferral(ctxOf(), referralId)).clocks.filter((clock) => clock.stoppedOn === null);
    expect(open.map(({ clock }) => clock)).toEqual(['closure.act']);
  });

  it('is refused for what cannot be received', async () => {
    const caseId = await bring(aMexicanCase({ caseId: 'LC-11' }));
    const request = { caseId, partnerId: CALEXICO, services: ['enforce'] };
    expect(await codeOf(receiveReferral(ctxOf(), { ...request, receivedOn: '2026-11-21' }))).toBe('referral.received_day_invalid');
    expect(await codeOf(receiveReferral(ctxOf(), { ...request, caseId: 'NONE' }))).toBe('cases.not_found');
    expect(await codeOf(receiveReferral(ctxOf(), { ...request, partnerId: 'xx' }))).toBe('partner.unknown');
    expect(await codeOf(receiveReferral(ctxOf(), { ...request, services: [] }))).toBe('referral.services_needed');
    expect(await codeOf(receiveReferral(officer(), request))).toBe('access.forbidden');
  });
});

describe('the clocks of a service', () => {
  it.each([
    ['modify', 'review.send', '2026-12-10'], ['close', 'closure.notify', '2026-12-08'], ['payment_location', 'information.notify', '2026-12-08'],
  ])('%s starts %s when it is opened', async (service, clock, dueOn) => {
    const clocks = await clocksOf(await opened(`LS-${service.toUpperCase().slice(0, 7)}`, CALEXICO, [service]));
    expect(clocks[clock]).toMatchObject({ startedBy: 'open', startedOn: '2026-11-20', dueOn, stoppedOn: null });
    expect(Object.keys(clocks).sort()).toEqual([clock, 'referral.send'].sort());
  });

  it.each([
    ['locate', 'locate.access', '2027-02-03', 'answer'], ['establish_order', 'establish.order', '2027-02-18', 'answer'], ['enforce', 'enforce.act', '2026-12-20', 'begin'],
    ['modify', 'review.decide', '2027-05-19', 'answer'],
  ])('%s, asked of us, starts %s when we accept it, and stops it in time', async (service, clock, dueOn, stoppedBy) => {
    const caseId = await bring(aMexicanCase({ caseId: `LI-${service.toUpperCase().slice(0, 7)}` }));
    const { referralId } = await receiveReferral(ctxOf(), { caseId, partnerId: CALEXICO, services: [service], receivedOn: '2026-11-16' });
    expect((await clocksOf(referralId))[clock]).toBeUndefined();
    await moveReferral(ctxOf(), referralId, 'accept');
    expect((await clocksOf(referralId))[clock]).toMatchObject({ startedOn: '2026-11-20', dueOn, stoppedOn: null });
    for (const move of ['begin', 'answer']) await moveReferral(on('2026-11-30'), referralId, move);
    expect((await clocksOf(referralId))[clock]).toMatchObject({ stoppedOn: '2026-11-30', stoppedBy });
  });
});

describe('a bad move', () => {
  it('is refused in so many words', async () => {
    const referralId = await sent('LC-20');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'fly'))).toBe('referral.move_unknown');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'translate'))).toBe('referral.move_refused');
    for (const move of ['seal', 'open']) expect(['referral.move_elsewhere', 'referral.move_refused']).toContain(await codeOf(moveReferral(ctxOf(), referralId, move)));
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'refuse'))).toBe('referral.reason_needed');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'refuse', { reason: 'because' }))).toBe('referral.reason_unknown');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'forward'))).toBe('referral.hop_needed');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'forward', { hop: CALEXICO }))).toBe('referral.hop_unknown');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'promise'))).toBe('referral.promise_needed');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'deliver', { on: '2026-11-21' }))).toBe('referral.move_day_invalid');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'deliver', { on: '2026-02-30' }))).toBe('referral.move_day_invalid');
    expect(await codeOf(moveReferral(ctxOf(), referralId, 'deliver', { on: '2026-11-19' }))).toBe('referral.move_day_too_early');
    expect(await getReferral(ctxOf(), referralId)).toMatchObject({ status: 'sent' });
  });

  it('is refused to whom it is not for, and leaves nothing behind', async () => {
    const referralId = await sent('LC-21');
    const before = await behindTheWall(db, 'select count(*) from referral_moves');
    expect(await codeOf(moveReferral(on('2026-11-20', { counties: ['06037'] }), referralId, 'deliver'))).toBe('referral.not_found');
    expect(await codeOf(moveReferral(officer('2026-11-20', 'kr-kcsa'), referralId, 'deliver'))).toBe('referral.not_found');
    expect(await codeOf(moveReferral(officer(), referralId, 'close', { reason: 'other' }))).toBe('referral.move_not_yours');
    expect(await codeOf(moveReferral(officer('2026-11-25'), referralId, 'deliver', { on: '2026-11-21' }))).toBe('referral.move_day_invalid');
    expect(await codeOf(moveReferral(on('2026-11-20', { roles: ['reconciler'] }), referralId, 'deliver'))).toBe('access.forbidden');
    expect(await codeOf(moveReferral(on('2026-11-20', { roles: ['translator'] }), referralId, 'deliver'))).toBe('referral.move_not_yours');
    const draft = await opened('LC-22');
    expect(await codeOf(moveReferral(officer(), draft, 'deliver'))).toBe('referral.not_found');
    expect(await codeOf(recordAwaitedItem(officer(), referralId, 'notary'))).toBe('access.forbidden');
    expect((await behindTheWall(db, 'select count(*) from referral_moves where referral_id <> $1', [draft]))).toEqual(before);
  });

  it('is made once, however many make it at the same time', async () => {
    const referralId = await sent('LC-23');
    const codes = await Promise.all([officer(), ctxOf(), officer(), ctxOf()].map((ctx) => codeOf(moveReferral(ctx, referralId, 'deliver'))));
    expect(codes.sort()).toEqual(['done', 'referral.move_refused', 'referral.move_refused', 'referral.move_refused']);
    const clocks = (await getReferral(ctxOf(), referralId)).clocks.filter(({ clock }) => clock === 'hague.acknowledge');
    expect(clocks).toHaveLength(1);
  });

  it('says in the record who made it, an officer under the officer’s own name', async () => {
    const referralId = await sent('LC-24');
    await moveReferral(officer(), referralId, 'deliver');
    expect(await behindTheWall(db, "select actor_id, details->>'to' as \"to\" from audit_events where subject_id = $1 and action = 'referral.moved'", [referralId])).toEqual([{ actor_id: 'usr_officer', to: 'delivered' }]);
    expect(await behindTheWall(db, "select emitted_by from outbox_events where name = 'referral.moved' and body->>'referralId' = $1", [referralId])).toEqual([{ emitted_by: 'usr_officer' }]);
    // The officer's own hand writes nothing: only the use case does.
    const [, count] = await inTransaction(officer(), (tx) => tx.tx.query<[unknown[], number]>("update referrals set status = 'closed' where referral_id = $1", [referralId]));
    expect(count).toBe(0);
  });
});
