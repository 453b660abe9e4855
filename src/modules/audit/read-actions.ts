/**
 * Actions by which somebody gets to see what is told of a person, in the order of how much: whole papers first. What is not listed here did
 * something without showing it.
 */
export const VIEWING_ACTIONS = [
  'case.viewed', 'identifier.revealed', 'referral.viewed', 'packet.read', 'packet.previewed', 'packet.printed', 'interview.viewed', 'translation.viewed', 'translation.exported',
  'attachment.read', 'conversation.viewed', 'message.viewed', 'message.number_shown', 'message.read', 'message.paper_read', 'message.retrieved', 'message.picked_up', 'inquiry.read', 'application.read', 'incoming.viewed', 'incoming.read',
  'suspense.viewed', 'suspense.taken', 'cases.searched', 'list.shown', 'list.exported', 'confirmation.recorded', 'audit.who_saw_asked',
] as const;
