import type { Condition } from './form.rules.ts';

/** The names that a form may begin a place with, and what stands there. */
export type Scope = Readonly<Record<string, unknown>>;

export interface Found {
  /** `null` where nothing is known. */
  readonly value: unknown;
  /** Somebody on the way to it is protected: what is missing there is withheld, not unknown. */
  readonly isProtected: boolean;
  /** The object in which the last step was taken: an amount's currency stands beside it. */
  readonly beside: unknown;
}

/** Looks a place up, such as `case.parties.0.birthDate`. An unknown first name is a fault of the form; anything else may be absent. */
export function findPlace(scope: Scope, place: string): Found {
  const [first = '', ...steps] = place.split('.');
  if (!Object.hasOwn(scope, first)) throw new Error(`fault: a form asks for the unknown place ${place}`);
  let value: unknown = scope[first];
  let beside: unknown = null;
  let isProtected = isOfProtected(value);
  for (const step of steps) {
    beside = value;
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : null;
    isProtected ||= isOfProtected(value);
  }
  return { value: value ?? null, isProtected, beside };
}

/** Whether this is a person, or an order, whose data are kept back. */
export function isOfProtected(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { isProtected?: unknown }).isProtected === true;
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

export function holds(scope: Scope, condition: Condition): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(scope, one));
  if ('any' in condition) return condition.any.some((one) => holds(scope, one));
  if ('not' in condition) return !holds(scope, condition.not);
  if ('some' in condition) return itemsAt(scope, condition.some, condition.as, condition.where).length > 0;
  if ('service' in condition) return condition.service.some((service) => (scope['services'] as readonly string[]).includes(service));
  const { value } = findPlace(scope, condition.at);
  if (condition.exists !== undefined && condition.exists === isEmpty(value)) return false;
  if (condition.is !== undefined && value !== condition.is) return false;
  if (condition.in !== undefined && !condition.in.includes(String(value))) return false;
  if (condition.moreThan !== undefined && !(sizeOf(value) > condition.moreThan)) return false;
  if (condition.sameAs !== undefined && (isEmpty(value) || value !== findPlace(scope, condition.sameAs).value)) return false;
  const asksMore = [condition.exists, condition.is, condition.in, condition.moreThan, condition.sameAs].some((asked) => asked !== undefined);
  return asksMore || (!isEmpty(value) && value !== false);
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Number(value ?? 0);
}

/** The items of a list that a form goes through; what is no list has none. */
export function itemsAt(scope: Scope, place: string, as: string, where?: Condition): Scope[] {
  const { value } = findPlace(scope, place);
  if (!Array.isArray(value)) return [];
  return (value as readonly unknown[]).map((item) => ({ ...scope, [as]: item }))
    .filter((inner) => where === undefined || holds(inner, where))
    .map((inner, index) => ({ ...inner, number: index + 1 }));
}
