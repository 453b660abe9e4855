import fc from 'fast-check';
import { ROLES } from '../../../src/platform/actor.ts';
import { LANGUAGES } from '../../../src/platform/config.ts';
import { hasWords } from '../../../src/platform/i18n.ts';
import { getClock } from '../../../src/modules/referrals/clocks/index.ts';
import { lifecycleDot, lifecycleMermaid, lifecycleRows } from '../../../src/modules/referrals/lifecycle/draw-lifecycle.rules.ts';
import type { LifecycleWords } from '../../../src/modules/referrals/lifecycle/draw-lifecycle.rules.ts';
import { checkedHop, checkedItems, checkedReason, firstRow, lifecycleRow, mayMove, movesFrom, stateAfter } from '../../../src/modules/referrals/lifecycle/lifecycle.rules.ts';
import {
  AWAITED_ITEMS, DIRECTIONS, FINAL_STATES, HOPS, LIFECYCLE, MOVE_REASONS, REFERRAL_MOVES, REFERRAL_STATES, SHARED_STATES,
} from '../../../src/modules/referrals/lifecycle/lifecycle-table.rules.ts';
import type { ReferralStatus } from '../../../src/modules/referrals/lifecycle/lifecycle-table.rules.ts';

const CODES: LifecycleWords = {
  state: (code) => code, move: (code) => code, mover: (code) => code, need: (code) => code, direction: (code) => code,
  effect: ({ act, clock }) => `${act} ${clock}`,
};
const officer = { kind: 'user', roles: ['partner_officer'], partner: 'mx-sre' } as const;
const attorney = { kind: 'user', roles: ['attorney'], partner: null } as const;

describe.each(DIRECTIONS)('the life of a referral, %s', (direction) => {
  const rows = LIFECYCLE.filter((row) => row.direction === direction);

  it('reaches every state of its own from its beginning, and from every state that is not final an end', () => {
    const named = new Set<ReferralStatus>(rows.flatMap((row) => [...row.from, ...(row.to ? [row.to] : [])]));
    const reached = new Set<ReferralStatus>([firstRow(direction).to as ReferralStatus]);
    for (let before = 0; before !== reached.size;) {
      before = reached.size;
      for (const row of rows) if (row.to && row.from.some((from) => reached.has(from))) reached.add(row.to);
    }
    expect([...named].filter((state) => !reached.has(state))).toEqual([]);
    for (const state of named) {
      if (!FINAL_STATES.includes(state)) expect(rows.some((row) => row.from.includes(state) && row.to !== null && FINAL_STATES.includes(row.to))).toBe(true);
    }
  });

  it('has one row for a move from a state, begins once, and never leaves a final state', () => {
    const keys = rows.flatMap((row) => row.from.map((from) => `${from} ${row.move}`));
    expect(new Set(keys).size).toBe(keys.length);
    expect(rows.filter((row) => row.from.length === 0)).toHaveLength(1);
    expect(rows.filter((row) => row.to !== null && row.from.some((from) => FINAL_STATES.includes(from)))).toEqual([]);
  });

  it('names only clocks that are there, and reasons where it asks for one', () => {
    for (const { clock } of rows.flatMap((row) => row.clocks)) if (clock !== '*') expect(getClock(clock).clock).toBe(clock);
    for (const row of rows) expect([row.move, row.needs.includes('reason')]).toEqual([row.move, MOVE_REASONS[row.move] !== undefined]);
  });
});

it('has every state in one direction or the other', () => {
  expect(REFERRAL_STATES.filter((state) => !LIFECYCLE.some((row) => row.to === state))).toEqual([]);
  expect(REFERRAL_MOVES.filter((move) => !LIFECYCLE.some((row) => row.move === move))).toEqual([]);
});

it.each(LANGUAGES)('has words for every arrow and everything on it in %s', (language) => {
  const keys = [
    ...REFERRAL_STATES.map((state) => `status.${state}`), ...REFERRAL_MOVES.map((move) => `move.${move}`), ...DIRECTIONS.map((direction) => `direction.${direction}`),
    ...LIFECYCLE.flatMap((row) => [...row.who.map((who) => `mover.${who}`), ...row.needs.map((need) => `need.${need}`),
      ...row.clocks.flatMap(({ act, when }) => [`act.${act}`, ...(when ? [`when.${when}`] : [])])]),
    ...Object.values(MOVE_REASONS).flat().map((reason) => `move_reason.${reason}`), ...HOPS.map((hop) => `hop.${hop}`),
    ...AWAITED_ITEMS.flatMap((item) => [`awaited.${item}`, `findings.referral_awaits_${item}`]), 'act.every', 'act.conditional',
  ];
  expect([...new Set(keys)].filter((key) => !hasWords(language, `referrals:${key}`))).toEqual([]);
});

it('lets a partner’s officer make the partner’s moves and no others, whatever else the account says', () => {
  expect(mayMove(lifecycleRow('sent', 'deliver', 'outgoing'), officer)).toBe(true);
  expect(mayMove(lifecycleRow('sent', 'close', 'outgoing'), officer)).toBe(false);
  expect(mayMove(lifecycleRow('sent', 'close', 'outgoing'), { ...officer, roles: ['partner_officer', 'attorney'] })).toBe(false);
  expect(mayMove(lifecycleRow('delivered', 'accept', 'incoming'), officer)).toBe(false);
  expect(mayMove(lifecycleRow('sent', 'deliver', 'outgoing'), { ...attorney, roles: ['partner_officer'] })).toBe(false);
  expect(mayMove(lifecycleRow('sent', 'deliver', 'outgoing'), { kind: 'system', roles: [], partner: null })).toBe(true);
  for (const role of ['reconciler', 'administrator']) expect(movesFrom('draft', 'outgoing', { ...attorney, roles: [role] })).toEqual([]);
  expect(movesFrom('in_translation', 'outgoing', { ...attorney, roles: ['translator'] })).toEqual(['review', 'rework']);
});

it('keeps whatever any role does inside the table', () => {
  const roles = fc.subarray([...ROLES]);
  fc.assert(fc.property(fc.constantFrom(...REFERRAL_STATES), fc.constantFrom(...DIRECTIONS), roles, fc.boolean(), (state, direction, held, isOfficer) => {
    const mover = { kind: 'user', roles: held, partner: isOfficer ? 'mx-sre' : null } as const;
    for (const move of movesFrom(state, direction, mover)) {
      const after = stateAfter(state, move, direction);
      // What an officer does begins and ends where the partner may know of it.
      if (isOfficer) expect([SHARED_STATES.includes(state), SHARED_STATES.includes(after)]).toEqual([true, true]);
    }
  }));
});

it('refuses what the table does not have, and says what is known', () => {
  expect(() => stateAfter('closed', 'accept')).toThrow('referral.move_refused');
  expect(() => stateAfter('delivered', 'seal', 'incoming')).toThrow('referral.move_refused');
  const refuse = lifecycleRow('sent', 'refuse', 'outgoing');
  expect(() => checkedReason(refuse, null)).toThrow('referral.reason_needed');
  expect(() => checkedReason(refuse, 'constructor')).toThrow('referral.reason_unknown');
  expect(checkedReason(refuse, 'no_basis')).toBe('no_basis');
  const forward = lifecycleRow('sent', 'forward', 'outgoing');
  expect(() => checkedHop(forward, null, () => true)).toThrow('referral.hop_needed');
  expect(() => checkedHop(forward, 'the court in Tijuana', () => false)).toThrow('referral.hop_unknown');
  expect(checkedHop(forward, 'state_office', () => false)).toBe('state_office');
  expect(() => checkedItems([])).toThrow('referral.items_needed');
  expect(() => checkedItems(['stamp'])).toThrow('referral.item_unknown');
  expect(checkedItems(['notary', 'apostille', 'notary'])).toEqual(['notary', 'apostille']);
});

describe('the drawing', () => {
  it('has each state and each arrow of the table, as text, for Mermaid and for Graphviz', () => {
    const [mermaid, dot] = [lifecycleMermaid(CODES), lifecycleDot(CODES)];
    for (const row of LIFECYCLE) {
      for (const from of row.from) {
        const to = row.to ?? from;
        expect(mermaid.split('\n').some((line) => line.startsWith(`    ${row.direction}_${from} --> ${row.direction}_${to}: `) && line.includes(row.move))).toBe(true);
        expect(dot).toContain(`${row.direction}_${from} -> ${row.direction}_${to} [`);
      }
    }
    expect(mermaid).toContain('[*] --> outgoing_draft: open');
    expect(mermaid).toContain('[*] --> incoming_delivered: receive');
    expect(lifecycleRows('outgoing', CODES)).toHaveLength(LIFECYCLE.filter((row) => row.direction === 'outgoing').length);
  });

  it('lets no word end a label', () => {
    const hostile = { ...CODES, state: (code: string) => `${code}";} x: <b>` };
    expect(lifecycleDot(hostile).match(/"/g)?.length ?? 0).toBe((lifecycleDot(CODES).match(/"/g) ?? []).length);
  });
});
