
/**
 * A form as data (`forms/*.json`, schemas/json/packet-form.v1.json): what a document of a packet says, from which places of the
 * packet's model, and under which words. Nothing here knows a country or a language; another country brings its own files.
 */
export interface FormDefinition {
  readonly formVersion: '1.0';
  readonly formId: string;
  /** Key of the document's title. */
  readonly title: string;
  /** The official form whose fields this document carries. It is printed that this is not that form. */
  readonly corresponds?: FormOrigin;
  /** One document per child, per order or per translator and pair of languages; inside, `child`, `order` or `translation` is that one. */
  readonly repeat?: 'each_dependent' | 'each_order' | 'each_translation';
  /** Left out where this does not hold. */
  readonly when?: Condition;
  /** Never part of the packet's PDF: sealed apart for a named authority, where the partner's profile allows that. */
  readonly isSealedPart?: boolean;
  readonly blocks: readonly FormBlock[];
}

/** Name, number, edition and OMB control number of an official form, each as seen in the sources named. */
export interface FormOrigin {
  readonly name: string;
  readonly issuer: string;
  readonly number?: string;
  readonly edition?: string;
  readonly ombNumber?: string;
  readonly ombExpires?: string;
  readonly confirmed: boolean;
  readonly sources: readonly string[];
}

/** What a document is made of. In `each` and `grid` the place `number` counts the items from 1. */
export type FormBlock =
  | { readonly kind: 'heading'; readonly words: string; readonly level: 1 | 2 | 3; readonly params?: Params }
  | { readonly kind: 'text' | 'notice'; readonly words: string; readonly params?: Params }
  | { readonly kind: 'fields'; readonly rows: readonly FormRow[] }
  | { readonly kind: 'choices'; readonly options: readonly { readonly words: string; readonly on: Condition }[] }
  | { readonly kind: 'grid'; readonly each: string; readonly as: string; readonly where?: Condition; readonly columns: readonly FormColumn[]; readonly empty?: string; readonly total?: readonly (FormValue | null)[] }
  | { readonly kind: 'each'; readonly each: string; readonly as: string; readonly where?: Condition; readonly blocks: readonly FormBlock[]; readonly empty?: string }
  | { readonly kind: 'when'; readonly test: Condition; readonly blocks: readonly FormBlock[]; readonly otherwise?: readonly FormBlock[] }
  /** Blocks shared by several forms: `forms/parts/<name>.json`, an array of blocks. */
  | { readonly kind: 'use'; readonly part: string }
  /** A text by a person in both languages, sentence beside sentence; says so where there is none. */
  | { readonly kind: 'narrative'; readonly of: string; readonly empty?: string }
  /** Lines for signature, name, date and place, by whom; `oath` puts the perjury clause of both laws above them. */
  | { readonly kind: 'signature'; readonly by: string; readonly oath?: boolean; readonly notary?: boolean; readonly stamp?: boolean }
  /** The documents of this packet with their first page and number of pages, which the layout fills in. */
  | { readonly kind: 'contents' }
  | { readonly kind: 'turn' };

export interface FormRow {
  readonly label: string;
  readonly value: FormValue;
  readonly when?: Condition;
  /** Leaves the row out where nothing is known, instead of saying that it is not stated. */
  readonly optional?: boolean;
}

export interface FormColumn {
  readonly words: string;
  readonly value: FormValue;
  readonly share?: number;
  readonly align?: 'left' | 'right';
}

/**
 * A value by its place, `case.caseId` (text), or by place and kind. Places begin at a name of the scope: `referral`, `case`, `agency`,
 * `partner`, `services`, `interview`, `arrears`, `attachments`, `narratives`, `documents`, `seal`, `form`, or what `as` named.
 */
export type FormValue = string | ValueAt | { readonly words: string; readonly params?: Params } | { readonly stack: readonly FormValue[] } | BlankLine;
/** A line to write on, in both halves: for who fills the printed page in. */
export interface BlankLine { readonly blank: true }
export interface ValueAt {
  readonly at: string;
  readonly as?: ValueKind;
  /** `code`: prefix of the words, `packet:role` gives `packet:role.obligor`. */
  readonly words?: string;
  /** `money`: the place of the currency; default: `currency` beside the amount. */
  readonly currency?: string;
  /** Key of what is said where nothing is known and nothing is withheld, instead of "not stated". */
  readonly empty?: string;
}
export type ValueKind = 'text' | 'date' | 'month' | 'money' | 'money_words' | 'number' | 'percent' | 'code' | 'yesno' | 'name' | 'address' | 'country' | 'jurisdiction' | 'language' | 'office' | 'tribunal' | 'list' | 'digest' | 'bytes' | 'identifier';
export type Params = Readonly<Record<string, FormValue>>;

export type Condition =
  /** `sameAs`: what stands there is what stands at another place, and something stands there. */
  | { readonly at: string; readonly is?: string | number | boolean; readonly in?: readonly string[]; readonly exists?: boolean; readonly moreThan?: number; readonly sameAs?: string }
  | { readonly service: readonly string[] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  /** Whether an item of the list is so: `{ "some": "case.parties", "as": "person", "where": { "at": "person.isProtected", "is": true } }`. */
  | { readonly some: string; readonly as: string; readonly where: Condition };

