import { readFileSync } from 'node:fs';
import { assert } from '../../../platform/errors.ts';
import type { Direction } from '../../referrals/index.ts';
import { bodyOf, kindOf } from './message.ts';
import type { Message, MessageKind } from './message.ts';

export type Side = 'agency' | 'partner';
export type MessageSubject = 'referral' | 'inquiry' | 'application' | 'caseload' | 'money' | 'general';

/** What a message itself says, by which codes and moves are chosen. */
export interface KindFacts {
  readonly status?: string;
  readonly change?: string;
  readonly overdue?: string;
  readonly intent?: string;
  readonly service?: string;
  /** The function of CSENet that the referral's services come under. */
  readonly function?: string;
}

export interface CodeRule {
  readonly when?: KindFacts;
  readonly code: string;
}

/** What a message does to the referral that it is about: a move of its lifecycle, or work for a person. */
export interface MoveRule {
  readonly direction?: 'outgoing' | 'incoming';
  readonly by?: Side;
  /** Only where it answers a message of this kind. */
  readonly of?: MessageKind;
  /** Only from this state of the referral. */
  readonly from?: string;
  readonly status?: string;
  readonly change?: string;
  readonly intent?: string;
  readonly move?: string;
  readonly reason?: 'missing' | 'reason';
  readonly hop?: boolean;
  readonly task?: string;
}

export interface KindRule {
  readonly by: readonly Side[];
  readonly subject: MessageSubject;
  /** Whether it may begin a conversation. */
  readonly opens: boolean;
  /** Whether it says which message it answers. */
  readonly reply: 'required' | 'optional' | 'none';
  readonly answers: readonly MessageKind[];
  readonly expects: readonly MessageKind[];
  /**
   * By whom it is to be answered, and the name of the clock that counts, by whose request it is about where that matters: whoever was asked answers within
   * working days (45 CFR 303.7(b)(4)), whoever asked within thirty days ((c)(6)). The partner's are targets, where there are any. Lifecycle and rooms start
   * them; a test holds that they start these.
   */
  readonly clock: { readonly [S in Side]?: string | { readonly [D in Direction]: string } };
  /** Of whose case numbers something must stand on it: both sides', the sender's, one of them, those in its lines, none. */
  readonly caseNumbers: 'both' | 'sender' | 'one' | 'lines' | 'none';
  readonly codes: readonly CodeRule[];
  readonly moves: readonly MoveRule[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const data = read('./message-kinds.json') as { readonly confirmed: boolean; readonly kinds: Readonly<Record<MessageKind, KindRule>> };
const codes = read('./csenet-codes.json') as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** All triples of CSENet 2000, as `function action reason`. */
export const CSENET_CODES: ReadonlySet<string> = new Set(Object.entries(codes).flatMap(([functionCode, actions]) =>
  Object.entries(actions).flatMap(([action, reasons]) => reasons.map((reason) => `${functionCode} ${action} ${reason}`))));

/** Triples that tell of offsets of tax refunds. Of those nothing leaves for another country: no rule that was found lets a foreign authority know. */
export const TAX_OFFSET_CODES: ReadonlySet<string> = new Set(['COL P CISUB', 'COL P CITAX', 'ENF R ERTXR', 'ENF U ERTXR', 'ENF P ESTXR', 'ENF P EUTXR']);

/** Whether what is said here of kinds, codes and clocks has been confirmed with partners. */
export const KINDS_CONFIRMED = data.confirmed;

export const kindRule = (kind: MessageKind): KindRule => data.kinds[kind];

/** Under which function of CSENet the services of a referral come, where one does: what the first of them asks for. */
export function csenetFunction(services: readonly string[]): string | null {
  for (const service of services) {
    const rule = data.kinds.referral.codes.find(({ when }) => when?.service === service);
    if (rule) return rule.code.slice(0, 3);
  }
  return null;
}

/** What of a message decides on its code and move. */
export function factsOf(message: Message, services: readonly string[] = []): KindFacts {
  const [acknowledgment, orders, payments, reminder, closure, update, referral] = [
    bodyOf(message, 'acknowledgment'), bodyOf(message, 'orderChange'), bodyOf(message, 'paymentLocationChange'), bodyOf(message, 'reminder'), bodyOf(message, 'closureNotice'),
    bodyOf(message, 'informationUpdate'), bodyOf(message, 'referral'),
  ];
  const service = referral?.service[0];
  const change = orders?.change ?? payments?.change ?? (update && new Set(update.change.map(({ kind }) => kind)).size === 1 ? update.change[0]?.kind : undefined);
  const functionCode = csenetFunction(referral?.service ?? services);
  return {
    ...(acknowledgment ? { status: acknowledgment.status } : {}), ...(change === undefined ? {} : { change }), ...(reminder ? { overdue: reminder.overdue } : {}),
    ...(closure ? { intent: closure.closesUnlessBy !== undefined && closure.closedOn === undefined ? 'yes' : 'no' } : {}),
    ...(service === undefined ? {} : { service }), ...(functionCode === null ? {} : { function: functionCode }),
  };
}

/** The triple that fits a message by default, and none where none fits. `services`: those of the referral that it is about. */
export function defaultCode(message: Message, services: readonly string[] = []): { function: string; action: string; reason: string } | null {
  const facts = factsOf(message, services);
  const rule = kindRule(kindOf(message)).codes.find(({ when = {} }) => Object.entries(when).every(([name, value]) => facts[name as keyof KindFacts] === value));
  if (!rule) return null;
  const [functionCode, action, reason] = rule.code.split(' ');
  assert(functionCode && action && reason, `${rule.code} is a triple`);
  return { function: functionCode, action, reason };
}

/** Whether a triple may stand on a message of this kind: CSENet has it, and it does what the kind does (asks, answers, reminds …). */
export function fitsKind(kind: MessageKind, code: string): boolean {
  const action = code.split(' ')[1] ?? '';
  return (ACTIONS[kind] ?? ACTIONS_OF_TELLING).includes(action);
}

// R asks, A acknowledges, P tells, M reminds, U updates, C cancels.
const ACTIONS_OF_TELLING = 'PU';
const ACTIONS: Readonly<Partial<Record<MessageKind, string>>> = {
  referral: 'RU', acknowledgment: 'AP', statusRequest: 'RU', documentRequest: 'RU', inquiry: 'RU', reminder: 'M', withdrawal: 'CPU', application: 'R',
};
