import { ROLES } from './actor.ts';
import type { Actor, Role } from './actor.ts';
import { AppError } from './errors.ts';

export { ROLES };
export type { Role };

/** Who may do what: the one table. Which rows are seen is decided besides by county and partner (row-level security). */
const PERMISSIONS = {
  // Somebody came to lead: who leads hears of it, and says that it was meant.
  'accounts.watch': ['administrator', 'supervisor', 'operator'],
  // What allows an exchange is no secret of those who exchange; an officer sees the own partner's.
  'agreements.view': ['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator', 'operator'],
  'agreements.record': ['supervisor', 'operator'],
  // What allows more than before takes a second person; only who has the files records it alone.
  'agreements.approve': ['administrator', 'supervisor'],
  'agreements.record_alone': ['operator'],
  // Who saw and did what: the page of the record, and its one question about a case.
  'audit.read': ['supervisor', 'administrator', 'operator'],
  'audit.who_saw': ['supervisor', 'operator'],
  'audit.verify': ['supervisor', 'administrator', 'operator'],
  'cases.import': ['operator', 'administrator'],
  'cases.learn_number': ['attorney', 'reconciler', 'supervisor', 'operator'],
  'cases.unprotect': ['attorney', 'supervisor', 'operator'],
  'cases.view': ['attorney', 'reconciler', 'supervisor', 'operator'],
  // A number in full, one at a time, with a reason that is written down; and who hears that somebody asked for too many.
  'identifiers.reveal': ['attorney', 'reconciler', 'supervisor'],
  'identifiers.oversee': ['supervisor', 'operator'],
  // Of all cases at once.
  'disclosures.oversee': ['supervisor', 'operator'],
  'disclosures.view': ['attorney', 'supervisor', 'operator'],
  // Not for translators: what they translate has passed the disclosure filter, an interview has not.
  'interviews.read': ['attorney', 'supervisor', 'operator'],
  'interviews.record': ['attorney', 'supervisor', 'operator'],
  // Profiles and terms as forms: who writes, and the second person for what lets data or money go somewhere new.
  'glossary.manage': ['administrator', 'operator'],
  'glossary.view': ['administrator', 'supervisor', 'operator'],
  'kits.view': ['administrator', 'supervisor', 'operator'],
  'partners.approve': ['administrator', 'supervisor'],
  'partners.manage': ['administrator', 'operator'],
  'partners.review': ['administrator', 'supervisor', 'operator'],
  // Figures of the work: how it stands with clocks, money and packets.
  'overview.view': ['supervisor', 'operator'],
  'partners.view': ['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator', 'operator'],
  'referrals.create': ['attorney', 'supervisor', 'operator'],
  'referrals.view': ['attorney', 'translator', 'partner_officer', 'supervisor', 'operator'],
  'referrals.move': ['attorney', 'translator', 'partner_officer', 'supervisor', 'operator'],
  'queue.take': ['attorney', 'translator', 'supervisor', 'operator'],
  'queue.reassign': ['supervisor', 'operator'],
  'segments.view': ['attorney', 'supervisor', 'operator'],
  'referrals.send': ['attorney', 'supervisor', 'operator'],
  'attachments.view': ['attorney', 'supervisor', 'operator'],
  'attachments.manage': ['attorney', 'supervisor', 'operator'],
  // The one thing that the operator of the machine cannot say: that somebody competent has read the paper.
  'attachments.review': ['attorney'],
  // Messages to partners: who sees how they fare, and who sends them again or records what went by courier.
  'exchange.view': ['attorney', 'supervisor', 'administrator', 'operator'],
  'exchange.manage': ['attorney', 'supervisor', 'operator'],
  'receipts.read': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'webhooks.manage': ['administrator', 'operator'],
  // What a partner sends: an officer for the own partner, the agency's people for papers that came by mail.
  'incoming.send': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'incoming.view': ['attorney', 'supervisor', 'operator'],
  'incoming.decide': ['attorney', 'supervisor', 'operator'],
  // Questions of a partner's officer for a person at the counter: whoever answers by hand, and whoever reads it before it leaves.
  'inquiries.ask': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'inquiries.read': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'inquiries.view': ['attorney', 'supervisor', 'operator'],
  'inquiries.answer': ['attorney', 'supervisor', 'operator'],
  'inquiries.review': ['attorney', 'supervisor'],
  'applications.file': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'applications.read': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'applications.view': ['attorney', 'supervisor', 'operator'],
  'applications.decide': ['attorney', 'supervisor', 'operator'],
  // What is said with partners: a partner's people and programs say and fetch what is theirs; what comes on paper the agency's people file.
  'messages.receive': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'messages.view': ['attorney', 'partner_officer', 'reconciler', 'supervisor', 'operator'],
  // A number of a message in full, as `identifiers.reveal` is for a case.
  'messages.reveal': ['attorney', 'partner_officer', 'reconciler', 'supervisor'],
  'messages.fetch': ['partner_officer', 'operator'],
  'messages.send': ['attorney', 'supervisor', 'operator'],
  // What somebody wrote in own words about a case in which somebody is protected.
  'messages.review': ['attorney'],
  'messages.settle': ['attorney', 'supervisor', 'operator'],
  'packets.build': ['attorney', 'supervisor', 'operator'],
  'packets.print': ['attorney', 'partner_officer', 'supervisor', 'operator'],
  'packets.read': ['attorney', 'translator', 'partner_officer', 'supervisor', 'operator'],
  // The tour for staff: everybody's own.
  'tour.take': ['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator'],
  'translations.view': ['attorney', 'translator', 'supervisor', 'operator'],
  'translations.edit': ['attorney', 'translator', 'supervisor', 'operator'],
  // As with attachments: the operator of the machine cannot say that somebody competent has read it.
  'translations.review': ['attorney'],
  'translations.approve': ['attorney', 'supervisor', 'operator'],
  'caseload.compare': ['attorney', 'reconciler', 'supervisor', 'operator'],
  'confirmations.view': ['reconciler', 'attorney', 'supervisor', 'operator'],
  'confirmations.record': ['reconciler', 'attorney', 'supervisor', 'operator'],
  'ledger.view': ['reconciler', 'supervisor', 'operator'],
  'ledger.post': ['reconciler', 'supervisor', 'operator'],
  'orders.create': ['reconciler', 'operator'],
  'orders.export': ['reconciler', 'operator'],
  // Never whoever made the order: that is decided where it is released.
  'orders.release': ['reconciler', 'supervisor'],
  'orders.view': ['reconciler', 'supervisor', 'operator'],
  'payments.import': ['reconciler', 'operator'],
  // Lists that went back annotated: a partner's officer fetches the own ones.
  'payments.annotate': ['reconciler', 'operator'],
  'payments.annotated': ['reconciler', 'partner_officer', 'supervisor', 'operator'],
  'payments.map': ['reconciler', 'operator'],
  // A partner's officer looks at a list of the own office before it is sent, and says how it is to be read.
  'payments.offer': ['partner_officer'],
  'payments.view': ['reconciler', 'supervisor', 'operator'],
  'postings.export': ['reconciler', 'operator'],
  'postings.acknowledge': ['reconciler', 'operator'],
  'days.view': ['reconciler', 'supervisor', 'operator'],
  'days.close': ['reconciler', 'operator'],
  // A second person, and nobody who is only a program.
  'days.sign': ['reconciler', 'supervisor'],
  'days.reopen': ['supervisor'],
  'reconciliation.run': ['reconciler', 'operator'],
  'reconciliation.view': ['reconciler', 'supervisor', 'operator'],
  // Money in suspense: whoever decides, and the second person whom a decision may need. A supervisor books by agreeing.
  'suspense.view': ['reconciler', 'supervisor', 'operator'],
  'suspense.decide': ['reconciler', 'supervisor', 'operator'],
  'suspense.approve': ['reconciler', 'supervisor'],
  // Partners' programs and keys.
  'clients.manage': ['administrator', 'operator'],
  'clients.view': ['administrator', 'supervisor', 'operator'],
  'reminders.run': ['operator'],
  'reminders.view': ['attorney', 'supervisor', 'operator'],
  'reminders.decide': ['attorney', 'supervisor', 'operator'],
  'reminders.settle': ['supervisor', 'operator'],
  'users.manage': ['administrator', 'operator'],
  'users.view': ['administrator', 'supervisor', 'operator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** What takes a second person takes one with an account: behind the command line anybody may sit, also whoever was the first. */
const SECOND_PERSON: readonly Permission[] = ['agreements.approve', 'partners.approve', 'suspense.approve', 'orders.release', 'days.sign', 'days.reopen'];

/** Whether the actor holds a role that has the permission; pages use it to offer only what would be allowed. */
export function isAllowed(ctx: { readonly actor: Actor }, permission: Permission): boolean {
  const allowed: readonly Role[] = PERMISSIONS[permission];
  if (ctx.actor.kind !== 'user' && SECOND_PERSON.includes(permission)) return false;
  return ctx.actor.roles.some((role) => allowed.includes(role));
}

/** First line of every use case. @throws AppError `access.forbidden`. */
export function authorise(ctx: { readonly actor: Actor }, permission: Permission): void {
  if (!isAllowed(ctx, permission)) throw new AppError('forbidden', 'access.forbidden', { params: { permission } });
}
