import { ATTACHMENT_KINDS, MOVE_REASONS } from '../../referrals/index.ts';
import type { Finding } from '../../../platform/errors.ts';
import { checkMoney } from './check-money.ts';
import { bodyOf } from './message.ts';
import type { Message } from './message.ts';
import type { Acknowledgment, Application, CaseloadReconciliation, Remark } from './message.types.ts';
import { fault, notice } from './finding.rules.ts';

const UNKNOWN_MAX = 20;

/** Whether what a message says hangs together: by its kind, and codes that nobody here knows. */
export function checkBody(message: Message): Finding[] {
  const of = <T>(body: T | null, check: (body: T) => readonly Finding[]): readonly Finding[] => (body === null ? [] : check(body));
  return [
    ...of(bodyOf(message, 'acknowledgment'), acknowledgment),
    ...of(bodyOf(message, 'documentRequest'), ({ document }) => unknownCodes(document.map(({ kind }) => kind), ATTACHMENT_KINDS, '/documentRequest/document', 'kind')),
    ...of(bodyOf(message, 'documentResponse'), ({ document, notAvailable }) => [
      ...(document || notAvailable ? [] : [fault('message.documents_missing', '/documentResponse/document')]), ...unknownCodes((document ?? []).map(({ kind }) => kind), ATTACHMENT_KINDS, '/documentResponse/document', 'kind'),
    ]),
    ...of(bodyOf(message, 'inquiry'), ({ person, consent }) => (person && !consent ? [notice('message.consent_missing', '/inquiry/consent')] : [])),
    ...of(bodyOf(message, 'paymentLocationChange'), () => (message.from.partnerId === undefined ? [] : [notice('message.confirm_payment_location', '/paymentLocationChange/payTo')])),
    ...of(bodyOf(message, 'caseloadReconciliation'), caseload),
    ...of(bodyOf(message, 'withdrawal'), ({ reason }) => unknownCode(reason, MOVE_REASONS.withdraw ?? [], '/withdrawal/reason')),
    ...of(bodyOf(message, 'closureNotice'), ({ reason, closedOn, closesUnlessBy }) => [
      ...(closedOn === undefined && closesUnlessBy === undefined ? [fault('message.closure_undated', '/closureNotice/closedOn')] : []), ...unknownCode(reason, MOVE_REASONS.close ?? [], '/closureNotice/reason'),
    ]),
    ...of(bodyOf(message, 'reminder'), ({ of: about }) => aboutAnother(message, about, '/reminder/of')),
    ...of(bodyOf(message, 'refusal'), ({ of: about, reason }) => [...aboutAnother(message, about, '/refusal/of'), ...unknownCodes(reason.map(({ code }) => code), MOVE_REASONS.refuse ?? [], '/refusal/reason', 'code')]),
    ...of(bodyOf(message, 'application'), application), ...of(bodyOf(message, 'referral'), ({ supportCase }) => repeated(supportCase.party.map(({ participantId }) => participantId), '/referral/supportCase/party')),
    ...of(bodyOf(message, 'informationUpdate'), ({ party }) => repeated((party ?? []).map(({ participantId }) => participantId), '/informationUpdate/party')),
    ...checkMoney(message), ...remarks(message),
  ];
}

function acknowledgment({ status, missing, forwardedTo }: Acknowledgment): Finding[] {
  const [path, needs] = ['/acknowledgment', { missing_items: missing !== undefined, forwarded: forwardedTo !== undefined, complete: true, case_not_recognised: true }];
  const contradicts = (missing !== undefined && status !== 'missing_items') ? 'missing' : (forwardedTo !== undefined && status !== 'forwarded') ? 'forwardedTo' : null;
  return [
    ...(needs[status] ? [] : [fault('message.acknowledgment_incomplete', `${path}/${status === 'forwarded' ? 'forwardedTo' : 'missing'}`, { status })]),
    ...(contradicts === null ? [] : [fault('message.acknowledgment_contradicts', `${path}/${contradicts}`, { status })]),
    ...unknownCodes((missing ?? []).map(({ code }) => code), MOVE_REASONS.report_incomplete ?? [], `${path}/missing`, 'code'),
  ];
}

function caseload({ pair, pairCount, part, parts }: CaseloadReconciliation): Finding[] {
  const path = '/caseloadReconciliation';
  return [
    ...(pairCount === pair.length ? [] : [fault('message.line_count', `${path}/pairCount`, { expected: pair.length })]),
    ...((part ?? 1) <= (parts ?? 1) ? [] : [fault('message.part_beyond', `${path}/part`, { expected: parts ?? 1 })]),
    ...pair.flatMap(({ fromFileNumber, toFileNumber }, index) => (fromFileNumber === undefined && toFileNumber === undefined ? [fault('message.case_numbers_missing', `${path}/pair/${index}`)] : [])).slice(0, UNKNOWN_MAX),
  ];
}

function application({ party, applicant, consent }: Application): Finding[] {
  const ids = party.map(({ participantId }) => participantId);
  return [
    ...repeated(ids, '/application/party'), ...(ids.includes(applicant) ? [] : [fault('message.applicant_missing', '/application/applicant')]),
    ...(consent.some(({ of: whose }) => whose === undefined || whose === applicant) ? [] : [fault('message.consent_missing', '/application/consent')]),
  ];
}

function repeated(ids: readonly string[], path: string): Finding[] {
  const index = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  return index === -1 ? [] : [fault('message.participant_repeated', `${path}/${index}/participantId`)];
}

/** What a reminder or a refusal is about is what it answers. */
function aboutAnother({ inReplyTo }: Message, about: string, path: string): Finding[] {
  return inReplyTo === undefined || inReplyTo === about ? [] : [fault('message.about_another', path)];
}

const unknownCode = (code: string, known: readonly string[], path: string): Finding[] => (known.includes(code) ? [] : [notice('message.code_value_unknown', path, { code })]);

function unknownCodes(codes: readonly string[], known: readonly string[], path: string, name: string): Finding[] {
  return codes.flatMap((code, index) => unknownCode(code, known, `${path}/${index}/${name}`)).slice(0, UNKNOWN_MAX);
}

/** A translated text says in which language, and every sentence of it is there. */
function remarks(message: Message): Finding[] {
  const body = Object.entries(message).find(([, value]) => typeof value === 'object' && value !== null && 'remark' in value);
  if (!body) return [];
  const [kind, { remark }] = body as [string, { remark: readonly Remark[] }];
  return remark.flatMap(({ segment, targetLanguage }, index) => {
    const translated = segment.filter(({ target }) => target !== undefined).length;
    return translated === (targetLanguage === undefined ? 0 : segment.length) ? [] : [notice('message.remark_half_translated', `/${kind}/remark/${index}`)];
  });
}
