/** Which way a message of ours takes, and what becomes of it there. */
export { listCircuits } from './circuit.ts';
export type { CircuitRow } from './circuit.store.ts';
export { deliverMessage } from './deliver-message.ts';
export { UNDELIVERED_SORTS } from './delivery.store.ts';
export type { AttemptRow, DeliveryRow, UndeliveredRow, UndeliveredSort } from './delivery.store.ts';
export { COURIER_ITEM, UNDELIVERED_ITEM } from './end-delivery.ts';
export { listExchangeAlarms } from './exchange-alarms.ts';
export { expireMessages } from './expire-messages.ts';
export type { Expiry } from './expire-messages.ts';
export { deliveryOf, listUndelivered } from './read-delivery.ts';
export type { DeliveryView } from './read-delivery.ts';
export { resendMessage } from './resend-message.ts';
export { acknowledgeWithheld, WITHDRAWN_ITEM } from './withdraw-message.ts';
