export interface Circuit {
  readonly state: 'closed' | 'open' | 'half_open';
  /** Failures in a row while closed. */
  readonly failures: number;
  /** How often in a row it opened. */
  readonly openings: number;
  /** Open: when one may try again. Half open: until when the one that tries has time to tell how it went. */
  readonly retryAt: Date | null;
}

export const CLOSED: Circuit = { state: 'closed', failures: 0, openings: 0, retryAt: null };
const FAILURES_MAX = 5;
const WAIT_MS = 60_000;
const WAIT_MAX_MS = 30 * 60_000;
const PROBE_MS = 60_000;

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** Whether a partner may be tried now, and what becomes of its circuit by trying: one alone tries after a pause. */
export function tryNow(circuit: Circuit, now: Date): { readonly isAllowed: boolean; readonly circuit: Circuit } {
  if (circuit.state === 'closed') return { isAllowed: true, circuit };
  if (circuit.retryAt !== null && now < circuit.retryAt) return { isAllowed: false, circuit };
  return { isAllowed: true, circuit: { ...circuit, state: 'half_open', retryAt: after(now, PROBE_MS) } };
}

/** `random` from 0 to 1 spreads those that would otherwise come back at the same moment. */
export function afterTrying(circuit: Circuit, isAnswering: boolean, now: Date, random: number): Circuit {
  if (isAnswering) return CLOSED;
  const failures = circuit.failures + 1;
  if (circuit.state === 'closed' && failures < FAILURES_MAX) return { ...circuit, failures };
  // A try that had begun before it opened changes nothing of the pause.
  if (circuit.state === 'open') return circuit;
  const wait = Math.min(WAIT_MAX_MS, WAIT_MS * 2 ** Math.min(circuit.openings, 10));
  return { state: 'open', failures, openings: circuit.openings + 1, retryAt: after(now, wait / 2 + (wait / 2) * random) };
}
