import { queryText } from './visit.ts';
import type { Visit } from './visit.ts';

const CODE_CHARACTERS_MAX = 80;

/** A field that narrows a list, for the part `/parts/choices`: nothing chosen is all of it. */
export interface Choice<Code extends string = string> {
  readonly name: string;
  readonly label: string;
  readonly all: string;
  /** What the address asks for, if the list knows it. */
  readonly value: Code | '';
  readonly options: readonly { readonly code: Code; readonly words: string }[];
}

/** Reads one choice off the address; what the list does not know narrows nothing. */
export function choiceOf<Code extends string>(visit: Visit, name: string, label: string, options: readonly (readonly [code: Code, words: string])[]): Choice<Code> {
  const asked = queryText(visit, name, CODE_CHARACTERS_MAX);
  return { name, label, all: visit.t(name === 'show' ? 'lists:all' : 'lists:any'), value: options.find(([code]) => code === asked)?.[0] ?? '', options: options.map(([code, words]) => ({ code, words })) };
}

/** A choice as a use case asks for it: nothing where nothing was chosen. */
export const chosen = <Code extends string>({ value }: Choice<Code>): Code | undefined => (value === '' ? undefined : value);
