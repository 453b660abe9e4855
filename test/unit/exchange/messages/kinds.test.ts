import { CSENET_CODES, csenetFunction, defaultCode, fitsKind, kindRule, MESSAGE_KINDS, newMessage, proposedMove } from '../../../../src/modules/exchange/messages/index.ts';
import type { Message, MessageKind } from '../../../../src/modules/exchange/messages/index.ts';
import { isPart, messageSchema } from '../../../../src/modules/exchange/messages/schema-model.ts';
import { LIFECYCLE, listClocks, MOVE_REASONS } from '../../../../src/modules/referrals/index.ts';
import { BODIES, header, MORE, NOW } from '../../../support/exchange/messages.ts';

const made = (kind: MessageKind, more: object = {}): Message => newMessage(kind, header(MORE[kind]), { ...BODIES[kind], ...more }, NOW) as Message;

test('all 186 triples of CSENet are there', () => {
  const counts = Object.fromEntries(['LO1', 'CSI', 'PAT', 'EST', 'ENF', 'MSC', 'COL'].map((name) => [name, [...CSENET_CODES].filter((code) => code.startsWith(`${name} `)).length]));
  expect(counts).toEqual({ LO1: 9, CSI: 4, PAT: 19, EST: 39, ENF: 50, MSC: 63, COL: 2 });
  expect(CSENET_CODES.size).toBe(186);
  expect([...CSENET_CODES].every((code) => /^[A-Z0-9]{3} [A-Z] [A-Z0-9]{5}$/.test(code))).toBe(true);
});

test('the kinds are the bodies of the schema', () => {
  const { root } = messageSchema();
  expect(isPart(root.type) && [...root.type.choice].sort()).toEqual([...MESSAGE_KINDS].sort());
});

test.each(MESSAGE_KINDS)('what is said of %s is known to those who are meant', (kind) => {
  const rule = kindRule(kind);
  for (const expected of rule.expects) expect(kindRule(expected).answers).toContain(kind);
  for (const { code } of rule.codes) {
    expect(CSENET_CODES.has(code)).toBe(true);
    expect(fitsKind(kind, code)).toBe(true);
  }
  const clocks = listClocks().map(({ clock }) => clock);
  for (const clock of Object.values(rule.clock).flatMap((clock) => (typeof clock === 'string' ? [clock] : Object.values(clock)))) expect(clocks).toContain(clock);
  for (const { move, task, direction, reason } of rule.moves) {
    expect((move === undefined) !== (task === undefined)).toBe(true);
    if (move === undefined) continue;
    const rows = LIFECYCLE.filter((row) => row.move === move && (direction === undefined || row.direction === direction));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ needs }) => needs.includes('reason'))).toBe(reason !== undefined);
  }
});

test('a triple is proposed where one fits, by the services of the referral', () => {
  const code = (message: Message, services: readonly string[] = []): string | null => { const found = defaultCode(message, services); return found && Object.values(found).join(' '); };
  expect(code(made('statusRequest'))).toBe('MSC R GRUPD');
  expect(code(made('statusReport'))).toBe('MSC P GSPUD');
  expect(code(made('acknowledgment'), ['enforce'])).toBe('ENF A AADIN');
  expect(code(made('acknowledgment', { status: 'complete', missing: null }), ['establish_order'])).toBe('EST A ANOAD');
  expect(code(made('acknowledgment', { status: 'case_not_recognised', missing: null }), ['locate'])).toBe('MSC P REJCT');
  expect(code(made('acknowledgment'), ['locate'])).toBeNull();
  expect(code(made('reminder'), ['enforce'])).toBe('ENF M BLANK');
  expect(code(made('reminder', { overdue: 'attachments' }), ['establish_parentage'])).toBe('PAT M GRPOU');
  expect(code(made('paymentLocationChange'))).toBe('MSC P GSPAD');
  expect(code(made('closureNotice', { closedOn: null, closesUnlessBy: '2027-01-21' }))).toBe('MSC P GSC14');
  expect(code(made('closureNotice'))).toBeNull();
  expect(code(made('informationUpdate', { change: [{ kind: 'address' }, { kind: 'employer' }] }))).toBe('MSC P GSUPD');
  expect(code(made('informationUpdate'))).toBe('MSC P GSUPD');
  expect(code(made('informationUpdate', { change: [{ kind: 'interest' }] }))).toBe('MSC P GSTAI');
  expect(code(made('refusal'), ['establish_order'])).toBeNull();
  expect(code(made('referral'))).toBe('ENF R ERALL');
  expect(csenetFunction(['payment_location', 'modify'])).toBe('EST');
});

const THEIRS = { by: 'partner', direction: 'outgoing', status: 'sent', answers: 'referral' } as const;
const ANSWERING = { by: 'agency', direction: 'incoming', status: 'delivered', answers: 'referral' } as const;

test('an answer to a referral moves it, whoever of the two was asked', () => {
  const complete = made('acknowledgment', { status: 'complete', missing: null });
  expect(proposedMove(complete, THEIRS)).toEqual({ move: 'accept', reason: null, hop: null });
  expect(proposedMove(complete, ANSWERING)).toEqual({ move: 'accept', reason: null, hop: null });
  // Whoever asks does not answer itself, and an acknowledgment of something else moves nothing.
  expect(proposedMove(complete, { ...THEIRS, direction: 'incoming' })).toBeNull();
  expect(proposedMove(complete, { ...THEIRS, answers: 'documentRequest' })).toBeNull();
  expect(proposedMove(made('acknowledgment'), THEIRS)).toEqual({ move: 'report_incomplete', reason: 'signature_missing', hop: null });
  const forwarded = (to: object) => made('acknowledgment', { status: 'forwarded', missing: null, forwardedTo: { name: [{ lang: 'es', value: 'SRE' }], ...to } });
  expect(proposedMove(forwarded({ partnerId: 'mx-sre' }), THEIRS)).toEqual({ move: 'forward', reason: null, hop: 'mx-sre' });
  expect(proposedMove(forwarded({ hop: 'state_office' }), THEIRS)).toEqual({ move: 'forward', reason: null, hop: 'state_office' });
  expect(proposedMove(forwarded({ hop: 'moon_office' }), THEIRS)).toEqual({ task: 'read_hop' });
  expect(proposedMove(made('acknowledgment', { status: 'case_not_recognised', missing: null }), THEIRS)).toEqual({ task: 'repair_case_number' });
  expect(proposedMove(made('refusal'), THEIRS)).toEqual({ move: 'refuse', reason: 'no_basis', hop: null });
  expect(proposedMove(made('refusal'), { ...THEIRS, answers: 'documentRequest' })).toEqual({ task: 'read_refusal' });
});

test('a reason that the lifecycle does not know is read by a person, never taken for another', () => {
  expect(proposedMove(made('acknowledgment', { missing: [{ code: 'photo_missing' }] }), THEIRS)).toEqual({ task: 'read_reason' });
  expect(proposedMove(made('acknowledgment', { missing: [{ code: 'photo_missing' }, { code: 'unreadable' }] }), THEIRS)).toEqual({ move: 'report_incomplete', reason: 'unreadable', hop: null });
  expect(proposedMove(made('withdrawal', { reason: 'moved_away' }), { by: 'partner', direction: 'incoming', status: 'accepted' })).toEqual({ task: 'read_reason' });
  expect(MOVE_REASONS.withdraw).toContain('asked_by_petitioner');
  expect(proposedMove(made('withdrawal'), { by: 'partner', direction: 'incoming', status: 'accepted' })).toEqual({ move: 'withdraw', reason: 'asked_by_petitioner', hop: null });
});

test('questions, answers and news move what they are about', () => {
  const move = (kind: MessageKind, standing: Parameters<typeof proposedMove>[1]): unknown => { const found = proposedMove(made(kind), standing); return found && ('move' in found ? found.move : found.task); };
  const partner = (direction: 'outgoing' | 'incoming', status = 'in_progress') => ({ by: 'partner', direction, status } as const);
  const agency = (direction: 'outgoing' | 'incoming', status = 'in_progress') => ({ by: 'agency', direction, status } as const);
  for (const kind of ['statusRequest', 'documentRequest'] as const) for (const direction of ['outgoing', 'incoming'] as const) expect(move(kind, partner(direction))).toBe('ask');
  expect(move('statusRequest', agency('outgoing'))).toBeNull();
  expect(move('statusReport', partner('outgoing'))).toBe('report_status');
  expect(move('statusReport', agency('incoming'))).toBe('tell');
  expect(move('documentResponse', partner('incoming', 'incomplete'))).toBe('supply');
  expect(move('documentResponse', partner('incoming'))).toBe('read_documents');
  expect(move('documentResponse', agency('outgoing', 'incomplete'))).toBe('supply');
  expect(move('documentResponse', agency('outgoing'))).toBe('tell');
  expect(move('informationUpdate', agency('outgoing'))).toBe('pass_on');
  expect(proposedMove(made('informationUpdate', { change: [{ kind: 'interest' }] }), agency('outgoing'))).toMatchObject({ move: 'tell_interest' });
  expect(move('informationUpdate', partner('outgoing'))).toBe('read_information');
  expect(move('closureNotice', partner('incoming'))).toBe('instruct_closure');
  expect(move('closureNotice', partner('outgoing'))).toBe('read_closure');
  expect(move('closureNotice', agency('outgoing', 'closed'))).toBe('tell_closure');
  expect(proposedMove(made('closureNotice', { closedOn: null, closesUnlessBy: '2027-01-21' }), agency('incoming', 'incomplete'))).toMatchObject({ move: 'give_notice' });
  expect(move('withdrawal', agency('outgoing', 'withdrawn'))).toBe('tell_closure');
  expect(move('remittanceAdvice', partner('outgoing'))).toBe('import_payments');
  expect(move('paymentLocationChange', partner('outgoing'))).toBe('confirm_payment_location');
  expect(move('reminder', partner('incoming'))).toBe('answer_reminder');
  expect(move('application', partner('incoming'))).toBe('propose_case');
});

test.each(MESSAGE_KINDS)('the clock that is said to run for %s is the one that its move starts', (kind) => {
  const { clock, moves } = kindRule(kind);
  for (const direction of ['incoming', 'outgoing'] as const) {
    const named = typeof clock.agency === 'object' ? clock.agency[direction] : clock.agency;
    const made = moves.filter((one) => (one.by ?? 'partner') === 'partner' && (one.direction ?? direction) === direction && one.move !== undefined && one.from === undefined);
    for (const { move } of made) {
      const started = LIFECYCLE.filter((row) => row.direction === direction && row.move === move).flatMap(({ clocks }) => clocks.filter(({ act, when }) => act === 'start' && when === undefined).map((effect) => effect.clock));
      if (named !== undefined) expect([kind, direction, move, started]).toEqual([kind, direction, move, expect.arrayContaining([named])]);
    }
  }
});
