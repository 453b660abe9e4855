import type { DisclosureDecision } from '../../../src/modules/cases/index.ts';
import { stanceOf, withdrawnSince } from '../../../src/modules/referrals/packets/disclosure-stance.rules.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

const base = aMexicanCase();
const decided = (pointer: string, decision: DisclosureDecision['decision'], reason: DisclosureDecision['reason'] = 'source_allowed'): DisclosureDecision => ({ pointer, decision, reason });
const NOBODY: ReadonlySet<string> = new Set();

it('finds a field that was told and is kept back now, with all that stands under it', () => {
  const then = stanceOf(base, NOBODY, [decided('/participants/0/residence/lines', 'disclose'), decided('/participants/0/residence/locality', 'disclose'), decided('/participants/0/name/given', 'disclose')]);
  const now = stanceOf(base, NOBODY, [decided('/participants/0/residence', 'withhold', 'source_restricted'), decided('/participants/0/name/given', 'disclose')]);
  expect(withdrawnSince(then, now)).toEqual(['/participants/=P1/residence/lines', '/participants/=P1/residence/locality']);
  expect(withdrawnSince(now, then)).toEqual([]);
});

it('knows persons by their ids when they change places between two extracts', () => {
  const then = stanceOf(base, NOBODY, [decided('/participants/0/phones/0', 'disclose'), decided('/participants/1/residence/lines', 'disclose')]);
  const turned = { ...base, participants: [...base.participants].reverse() };
  const last = base.participants.length - 1;
  expect(withdrawnSince(then, stanceOf(turned, NOBODY, [decided(`/participants/${last}/phones/0`, 'withhold', 'nondisclosure')]))).toEqual(['/participants/=P1/phones/0']);
  expect(withdrawnSince(then, stanceOf(turned, NOBODY, [decided('/participants/0/phones/0', 'withhold', 'nondisclosure')]))).toEqual([]);
});

it('counts whoever is protected since, also where the data themselves are gone from the case', () => {
  const then = stanceOf(base, NOBODY, []);
  const now = stanceOf(base, new Set(['P2']), []);
  expect(withdrawnSince(then, now)).toEqual(['/participants/=P2']);
  expect(withdrawnSince(now, now)).toEqual([]);
  expect(withdrawnSince(now, then)).toEqual([]);
});

it('counts a partner’s number that tells today where somebody is, and leaves sums out', () => {
  const then = stanceOf(base, NOBODY, [decided('/partnerCaseNumbers/0/value', 'disclose', 'own_number'), decided('/history/3/amount', 'disclose', 'case_record')]);
  expect(then.told).toEqual(['/partnerCaseNumbers/0/value']);
  expect(withdrawnSince(then, stanceOf(base, NOBODY, [decided('/partnerCaseNumbers/0', 'withhold', 'shares_protected_whereabouts')]))).toEqual(['/partnerCaseNumbers/0/value']);
});

it('leaves out what is kept back for other ends than protection or origin', () => {
  const then = stanceOf(base, NOBODY, [decided('/participants/0/accounts/0/value', 'disclose')]);
  expect(withdrawnSince(then, stanceOf(base, NOBODY, [decided('/participants/0/accounts/0', 'withhold', 'unusable')]))).toEqual([]);
});
