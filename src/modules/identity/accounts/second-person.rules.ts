/** Somebody made this account, or gave it a new start: knew its password, for once. */
export interface Introduction {
  readonly userId: string;
  readonly introducedBy: string;
}

/** For so long an account and whoever let it in are not two people where a second one is asked for. */
export const INTRODUCTION_DAYS = 30;

/**
 * Whether one of both let the other in, also by way of others let in between. Two whom the same person let in are two people:
 * a new office has one administrator who lets everybody in.
 */
export function haveLetIn(introductions: readonly Introduction[], one: string, other: string): boolean {
  return one === other || reaches(introductions, one, other) || reaches(introductions, other, one);
}

function reaches(introductions: readonly Introduction[], from: string, to: string): boolean {
  const reached = new Set([from]);
  // What is added while it is gone through is gone through, too.
  for (const person of reached) {
    for (const { userId, introducedBy } of introductions) if (introducedBy === person) reached.add(userId);
  }
  return from !== to && reached.has(to);
}
