// Which person of a case a printed name may be, and how well the names of a line agree with a case.
import { compareNames, isSameName, normaliseName, printedNameKeys } from '../../../platform/names/index.ts';
import type { PersonName } from '../../../platform/names/index.ts';
import { mayNameSeveral } from './several-persons.rules.ts';

export type Role = 'obligor' | 'alleged_parent' | 'obligee' | 'caretaker' | 'dependent';
export type Person = { readonly role: Role; readonly name: PersonName };
export type CaseView = {
  readonly caseId: string;
  readonly county: string;
  readonly status: 'open' | 'closed';
  readonly closedOn: string | null;
  readonly persons: readonly Person[];
};

export const AGREES = 0.75;
export const AGREES_FULLY = 0.85;
/** Below this two names are of different persons; between this and AGREES they say little. */
export const DIFFERS = 0.55;
/** What is left of a likeness when a cell names one more person: no less than a contradiction. */
const OF_SEVERAL = 0.4;

export type NameEvidence = { readonly score: number; readonly reasons: readonly string[] } | null;

const PAYS: ReadonlySet<Role> = new Set(['obligor', 'alleged_parent']);

const joins = (printed: string, first: string, second: string): boolean =>
  printed.length === first.length + 1 + second.length && printed.charCodeAt(first.length) === BLANK && printed.startsWith(first) && printed.endsWith(second);

const BLANK = 0x20;

// Most names are printed as we have them; those need no closer look.
function isVerbatim(printed: string, name: PersonName): boolean {
  const second = name.secondFamily ?? '';
  if (second === '') return joins(printed, name.given, name.family) || joins(printed, name.family, name.given);
  return printed.startsWith(name.given) && printed.endsWith(second) && printed === `${name.given} ${name.family} ${second}`;
}

const whole = (name: PersonName): NameEvidence => ({ score: 1, reasons: [(name.secondFamily ?? '') === '' ? 'name.exact' : 'name.both_surnames'] });

function bestOf(printed: string, persons: readonly Person[]): NameEvidence {
  for (const { name } of persons) if (printed !== '' && isVerbatim(printed, name)) return whole(name);
  const plain = normaliseName(printed);
  if (plain === '') return null;
  for (const { name } of persons) if (isSameName(printed, name)) return whole(name);
  let best: NameEvidence = { score: 0, reasons: ['name.different'] };
  for (const { name } of persons) {
    const judged = compareNames(printed, name);
    if (judged.score > best.score) best = judged;
  }
  return best.score < AGREES && mayNameSeveral(printed) ? { score: Math.min(best.score, OF_SEVERAL), reasons: [...new Set([...best.reasons, 'name.different'])] } : best;
}

/** The printed debtor against those of the case who owe. Null where no name is printed. */
export function payerEvidence(printed: string, supportCase: CaseView): NameEvidence {
  return bestOf(printed, supportCase.persons.filter((p) => PAYS.has(p.role)));
}

/** The printed creditor or payee against those of the case who receive; a child may be named as creditor. */
export function receiverEvidence(printed: string, supportCase: CaseView): NameEvidence {
  const adult = bestOf(printed, supportCase.persons.filter((p) => p.role === 'obligee' || p.role === 'caretaker'));
  if (adult === null || adult.score >= AGREES) return adult;
  const child = bestOf(printed, supportCase.persons.filter((p) => p.role === 'dependent'));
  return child !== null && child.score > adult.score && child.score >= AGREES_FULLY ? { score: child.score, reasons: [...child.reasons, 'name.of_child'] } : adult;
}

/** A name as we wrote it on a disbursement: one cell of text, its parts unknown. */
export function textEvidence(printed: string, ours: string): NameEvidence {
  if (printed !== '' && printed === ours) return { score: 1, reasons: ['name.exact'] };
  if (normaliseName(printed) === '' || normaliseName(ours) === '') return null;
  if (normaliseName(printed) === normaliseName(ours)) return { score: 1, reasons: ['name.exact'] };
  const judged = compareNames(printed, { given: '', family: '', aliases: [ours] });
  return { score: judged.score, reasons: judged.reasons };
}

export function better(a: NameEvidence, b: NameEvidence): NameEvidence {
  if (a === null) return b;
  return b === null || a.score >= b.score ? a : b;
}

const ALL_BUT_VERBATIM = 0.95;

/**
 * Whether nobody who shares no two words with a printed name can bear it: it agrees word for word, or in three words or more of
 * which two agree. Asked where those who share no words were not looked at.
 */
export function isBeyondSlips(printed: string, score: number): boolean {
  return score >= ALL_BUT_VERBATIM || (score >= AGREES_FULLY && printedNameKeys(printed).length >= 3);
}
