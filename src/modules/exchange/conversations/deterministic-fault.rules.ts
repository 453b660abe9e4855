const PROGRAM_FAULTS = [TypeError, RangeError, SyntaxError, ReferenceError];
/** Two who write the same at once: the second time finds it there. */
const RACES = ['23505'];

/** A fault that one message would meet again each time, as far as can be told: the database takes no such value, or the program stumbles over it. */
export function isDeterministicFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return /^(22|23)/.test(code) && !RACES.includes(code);
  return PROGRAM_FAULTS.some((kind) => error instanceof kind) || error.message.startsWith('fault: ');
}
