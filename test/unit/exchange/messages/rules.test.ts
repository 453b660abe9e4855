import { AppError } from '../../../../src/platform/errors.ts';
import { CSENET_CODES, newMessage, readMessage } from '../../../../src/modules/exchange/messages/index.ts';
import type { Message, MessageKind, MessageOf } from '../../../../src/modules/exchange/messages/index.ts';
import { TAX_OFFSET_CODES } from '../../../../src/modules/exchange/messages/message-kinds.ts';
import { BODIES, header, MORE, NOW } from '../../../support/exchange/messages.ts';

const FROM = 'mx-consulate-los-angeles';
const made = (kind: MessageKind): Message => newMessage(kind, header(MORE[kind]), BODIES[kind], NOW) as Message;

/** Each finding as `severity code path`, whether it was refused for them or not. */
function found(message: unknown, options: { partnerId?: string; relaysFor?: readonly string[]; now?: Date } = {}): string[] {
  const said = ({ severity, code, path }: { severity: string; code: string; path?: string }): string => `${severity} ${code} ${path ?? ''}`;
  try {
    return readMessage(Buffer.from(JSON.stringify(message)), { now: NOW, partnerId: FROM, ...options }).findings.map(said);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.findings.map(said);
  }
}
const with_ = (kind: MessageKind, more: Record<string, unknown>): unknown => ({ ...made(kind), ...more });
const body = (kind: MessageKind, more: Record<string, unknown>): unknown => ({ ...made(kind), [kind]: { ...(BODIES[kind] as object), ...more } });
const without = (kind: MessageKind, ...names: string[]): unknown => Object.fromEntries(Object.entries(made(kind)).filter(([name]) => !names.includes(name)));

test('who sends is who hands it over, or an office that this one passes messages on for', () => {
  const state = made('statusReport');
  const from = { partnerId: 'mx-dif-bc', country: 'MX', name: [{ lang: 'es', value: 'DIF' }], fileNumber: '9' };
  const via = [{ partnerId: FROM, relayedAt: '2026-11-22T16:59:30Z', fileNumber: 'CLA/2026/0117', name: [{ lang: 'es', value: 'Consulado' }] }];
  expect(found(state)).toEqual([]);
  expect(found(state, { partnerId: 'kr-kcsa' })).toEqual(['block message.other_sender /from/partnerId']);
  expect(found({ ...state, from, via }, { relaysFor: ['mx-dif-bc'] })).toEqual([]);
  expect(found({ ...state, from, via })).toEqual(['block message.other_sender /from/partnerId']);
  expect(found({ ...state, from }, { relaysFor: ['mx-dif-bc'] })).toEqual(['block message.other_sender /from/partnerId']);
  expect(found({ ...state, from: state.to, to: state.from })).toEqual(['block message.other_sender /from']);
  expect(found({ ...state, from: { ...state.from, county: '06037' } })).toEqual(['block message.sender_unstated /from']);
  expect(found({ ...state, to: { ...state.from } })).toEqual(['block message.sender_unstated /to']);
});

test('the header has what its version and its kind need', () => {
  expect(found(without('statusRequest', 'messageId', 'serial', 'conversation', 'sentAt'))).toEqual(['messageId', 'serial', 'conversation', 'sentAt'].map((name) => `block message.header_missing /${name}`));
  expect(found(without('acknowledgment', 'inReplyTo'))).toEqual(['block message.header_missing /inReplyTo']);
  expect(found(without('reminder', 'inReplyTo'))).toEqual(['warn message.answers_nothing /inReplyTo']);
  expect(found(without('referral', 'packetId'))).toEqual(['block message.header_missing /packetId']);
  expect(found(with_('statusRequest', { packetId: MORE.referral?.packetId }))).toEqual(['warn message.packet_unexpected /packetId']);
  expect(found(with_('statusReport', { inReplyTo: made('statusReport').messageId }))).toEqual(['block message.answers_itself /inReplyTo']);
});

test('version 1.0 is a referral in a packet, without what came later', () => {
  const old = { ...(without('referral', 'messageId', 'serial', 'conversation', 'sentAt') as object), version: '1.0' };
  expect(found(old)).toEqual([]);
  expect(found({ ...old, messageId: 'm' })).toEqual(['block message.version_too_low /messageId']);
  expect(found({ ...(without('withdrawal', 'messageId', 'serial', 'conversation', 'sentAt', 'inReplyTo') as object), version: '1.0' })).toEqual(['block message.version_too_low /withdrawal']);
});

test('nothing is said from the future, nor on a day that there is not', () => {
  expect(found(with_('statusRequest', { sentAt: '2026-11-22T17:05:00Z' }))).toEqual([]);
  expect(found(with_('statusRequest', { sentAt: '2026-11-22T17:05:00.001Z' }))).toEqual(['block message.sent_ahead /sentAt']);
  expect(found(with_('statusRequest', { sentAt: '2026-11-23T02:00:00+09:00' }))).toEqual([]);
  expect(found(with_('statusRequest', { datedOn: '2026-11-23' }))).toEqual([]);
  expect(found(with_('statusRequest', { datedOn: '2026-11-24' }))).toEqual(['block message.dated_ahead /datedOn']);
  expect(found(with_('statusRequest', { datedOn: '2026-02-30' }))).toEqual(['block message.schema /datedOn']);
  expect(found(with_('statusRequest', { datedOn: '0026-11-22' }))).toEqual(['block message.date_impossible /datedOn']);
  expect(found(body('statusReport', { asOf: '2027-01-01' }))).toEqual(['warn message.date_ahead /statusReport/asOf']);
  expect(found(body('closureNotice', { closedOn: undefined, closesUnlessBy: '2027-01-21' }))).toEqual([]);
  expect(found(with_('statusRequest', { via: [{ relayedAt: '2026-11-21T10:00:00Z', name: [{ lang: 'es', value: 'SRE' }] }] }))).toEqual(['warn message.via_order /via/0']);
});

test('a code of CSENet stands whole or not at all, and an unknown one is told', () => {
  const coded = (code: string): unknown => { const [f, action, reason] = code.split(' '); return with_('statusRequest', { function: f, action, reason }); };
  expect(found(coded('MSC R GRUPD'))).toEqual([]);
  expect(found(coded('MSC R GRXXX'))).toEqual(['warn message.code_unknown /reason']);
  expect(found(coded('MSC P GSPUD'))).toEqual(['warn message.code_not_of_kind /action']);
  expect(found(with_('statusRequest', { function: 'MSC', action: 'R' }))).toEqual(['block message.code_partial /reason']);
});

test('no code of ours tells abroad of an offset of taxes', () => {
  const { from, to } = made('statusReport');
  expect(TAX_OFFSET_CODES.size).toBe(6);
  for (const triple of TAX_OFFSET_CODES) {
    expect(CSENET_CODES.has(triple)).toBe(true);
    const [f, action, reason] = triple.split(' ');
    expect(() => newMessage('informationUpdate', header({ from: to, to: from, function: f, action, reason }), BODIES.informationUpdate, NOW)).toThrow(AppError);
  }
});

test('both sides’ case numbers stand on what is about a case', () => {
  const bare = (name: 'from' | 'to') => ({ [name]: { ...made('statusRequest')[name], fileNumber: undefined } });
  expect(found(with_('statusRequest', bare('to')))).toEqual(['warn message.case_number_missing /to/fileNumber']);
  expect(found(with_('statusRequest', { ...bare('to'), ...bare('from') }))).toEqual(['block message.case_numbers_missing /from/fileNumber']);
  expect(found(with_('inquiry', bare('from')))).toEqual([]);
  expect(found(with_('application', { ...bare('to'), ...bare('from') }))).toEqual([]);
});

test('an acknowledgment says what is missing or to whom it went', () => {
  expect(found(body('acknowledgment', { missing: undefined }))).toEqual(['block message.acknowledgment_incomplete /acknowledgment/missing']);
  expect(found(body('acknowledgment', { status: 'forwarded', missing: undefined }))).toEqual(['block message.acknowledgment_incomplete /acknowledgment/forwardedTo']);
  expect(found(body('acknowledgment', { status: 'complete' }))).toEqual(['block message.acknowledgment_contradicts /acknowledgment/missing']);
  expect(found(body('acknowledgment', { missing: [{ code: 'photo_missing' }] }))).toEqual(['warn message.code_value_unknown /acknowledgment/missing/0/code']);
});

test('lists of money add up', () => {
  const [line] = (made('remittanceAdvice') as MessageOf<'remittanceAdvice'>).remittanceAdvice.line;
  const advice = (lines: object[], more: object = {}): unknown => body('remittanceAdvice', { line: lines, lineCount: lines.length, ...more });
  expect(found(advice([{ ...line }], { total: '98.330' }))).toEqual([]);
  expect(found(advice([{ ...line }], { total: '98.34' }))).toEqual(['block message.total /remittanceAdvice/total']);
  expect(found(advice([{ ...line }], { lineCount: 2 }))).toEqual(['block message.line_count /remittanceAdvice/lineCount']);
  expect(found(advice([{ ...line }, { ...line }], { total: '196.66' }))).toEqual(['block message.folio_repeated /remittanceAdvice/line/1/folio']);
  expect(found(advice([{ ...line, net: '98.40' }], { total: '98.40' }))).toEqual(['warn message.line_amounts /remittanceAdvice/line/0/net']);
  expect(found(advice([{ ...line, fromFileNumber: undefined, toFileNumber: undefined }]))).toEqual(['warn message.case_numbers_missing /remittanceAdvice/line/0']);
  expect(found(advice([{ ...line, gross: '0.1', rate: undefined, fee: '0.2', net: '-0.1' }], { total: '-0.10' }))).toEqual([]);
  expect(found(body('receiptConfirmation', { receivedEqualsSent: true }))).toEqual(['block message.receipt_contradicts /receiptConfirmation/receivedEqualsSent']);
  expect(found(body('receiptConfirmation', { reason: undefined }))).toEqual(['block message.difference_unexplained /receiptConfirmation/reason']);
  expect(found(body('receiptConfirmation', { received: '100', receivedEqualsSent: true, reason: undefined }))).toEqual([]);
  expect(found(body('caseloadReconciliation', { pairCount: 2, pair: [{ state: 'open' }] }))).toEqual(['block message.line_count /caseloadReconciliation/pairCount', 'block message.case_numbers_missing /caseloadReconciliation/pair/0']);
});

test('what contradicts itself, or says where it must not, is refused', () => {
  expect(found(body('reminder', { of: 'msg-1' }))).toEqual(['block message.about_another /reminder/of']);
  expect(found(body('application', { applicant: 'p9' }))).toEqual(['block message.applicant_missing /application/applicant', 'block message.consent_missing /application/consent']);
  expect(found(body('documentResponse', { document: undefined, notAvailable: undefined }))).toEqual(['block message.documents_missing /documentResponse/document']);
  expect(found(body('closureNotice', { closedOn: undefined }))).toEqual(['block message.closure_undated /closureNotice/closedOn']);
  expect(found(body('inquiry', { consent: undefined }))).toEqual(['warn message.consent_missing /inquiry/consent']);
  const [document] = (made('documentResponse') as MessageOf<'documentResponse'>).documentResponse.document ?? [];
  for (const fileName of ['../../etc/passwd', 'a\\b.pdf', '..', '/x']) expect(found(body('documentResponse', { document: [{ ...document, attachment: [{ ...document?.attachment[0], fileName }] }] }))).toEqual(['block message.file_name /documentResponse/document/0/attachment/0/fileName']);
  expect(found(body('withdrawal', { remark: [{ sourceLanguage: 'es', targetLanguage: 'en', segment: [{ source: 'Sí' }] }] }))).toEqual(['warn message.remark_half_translated /withdrawal/remark/0']);
  expect(found(with_('statusRequest', { from: { ...made('statusRequest').from, fileNumber: 'a\u202eb' } }))).toEqual(['warn message.invisible_character /from/fileNumber']);
});

test('what we make ourselves is sound, and what is absent in any way is left out', () => {
  const message = newMessage('statusRequest', header({ inReplyTo: undefined }), { since: null, question: [], remark: undefined }, NOW);
  expect(message.statusRequest).toEqual({});
  expect(Object.keys(message)).not.toContain('inReplyTo');
  const refused = (make: () => unknown): string[] => { try { make(); } catch (error) { return (error as AppError).findings.map(({ code, path }) => `${code} ${path}`); } return []; };
  expect(refused(() => newMessage('withdrawal', header({ inReplyTo: 'x' }), { reason: 'Not a code' }, NOW))).toEqual(['message.schema /withdrawal/reason']);
  expect(refused(() => newMessage('withdrawal', header(), { reason: 'other', remark: [{ sourceLanguage: 'en', segment: [{ source: 'a\u0000b' }] }] }, NOW))).toEqual(['message.schema /withdrawal/remark/0/segment/0/source']);
  expect(refused(() => newMessage('closureNotice', header({ sentAt: '2027-01-01T00:00:00Z' }), { reason: 'other' }, NOW))).toEqual(['message.sent_ahead /sentAt', 'message.closure_undated /closureNotice/closedOn']);
});
