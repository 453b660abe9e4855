import { capitalised, fieldsBlock, namesOnce, strong, together } from './document.rules.ts';
import type { Block, FieldRow, Line, Pair, Words } from './document.rules.ts';
import { findPlace, holds, itemsAt } from './form-scope.rules.ts';
import type { Scope } from './form-scope.rules.ts';
import { statedPair, valuePair, wordsPair } from './form-values.rules.ts';
import type { FormBlock, FormRow, FormValue } from './form.rules.ts';
import { digestGroups } from './format.rules.ts';

/** What the blocks of a form need besides the model: the words, the shared parts, and how far parts are nested. */
export interface FormContext {
  readonly words: Words;
  readonly parts: ReadonlyMap<string, readonly FormBlock[]>;
  readonly depth?: number;
  /** How many blocks the document may still have: parts that use parts would otherwise grow beyond any bound. */
  readonly room?: { left: number };
}

const NESTED_PARTS_MAX = 8;
const BLOCKS_MAX = 20_000;

/** Sets the blocks of a form for one scope. A form that asks for an unknown place or part is a fault of the form. */
export function formBlocks(blocks: readonly FormBlock[], scope: Scope, context: FormContext): Block[] {
  const room = context.room ?? { left: BLOCKS_MAX };
  room.left -= blocks.length;
  if (room.left < 0) throw new Error(`fault: a form has more than ${BLOCKS_MAX} blocks`);
  return blocks.flatMap((block) => setBlock(block, scope, { ...context, room }));
}

function setBlock(block: FormBlock, scope: Scope, context: FormContext): Block[] {
  const { words } = context;
  switch (block.kind) {
    case 'heading': return [{ kind: 'heading', level: block.level, ...wordsPair(block.words, block.params, scope, words) }];
    case 'text': return [{ kind: 'pair', rows: [wordsPair(block.words, block.params, scope, words)] }];
    case 'notice': return [{ kind: 'notice', rows: [wordsPair(block.words, block.params, scope, words)] }];
    case 'fields': return fields(block.rows, scope, words);
    case 'choices': return [{ kind: 'choices', rows: block.options.map((option) => ({ pair: words.pair(option.words), isOn: holds(scope, option.on) })) }];
    case 'grid': return grid(block, scope, words);
    case 'each': return each(block, scope, context);
    case 'when': return formBlocks(holds(scope, block.test) ? block.blocks : block.otherwise ?? [], scope, context);
    case 'use': return usePart(block.part, scope, context);
    case 'narrative': return narrative(block.of, block.empty, scope, words);
    case 'signature': return [signature(block, words)];
    case 'contents': return [contents(scope, words)];
    case 'turn': return [{ kind: 'turn' }];
  }
}

function fields(rows: readonly FormRow[], scope: Scope, words: Words): Block[] {
  const set = rows.filter((row) => row.when === undefined || holds(scope, row.when)).flatMap((row): FieldRow[] => {
    const label = words.pair(row.label);
    if (!row.optional) return [{ label, value: statedPair(row.value, scope, words) }];
    const value = valuePair(row.value, scope, words);
    return value === null ? [] : [{ label, value }];
  });
  return set.length === 0 ? [] : [fieldsBlock(words.sentence('packet:language.name'), set)];
}

function grid(block: Extract<FormBlock, { kind: 'grid' }>, scope: Scope, words: Words): Block[] {
  const items = itemsAt(scope, block.each, block.as, block.where);
  if (items.length === 0) return block.empty === undefined ? [] : [{ kind: 'pair', rows: [words.pair(block.empty)] }];
  const cell = (value: FormValue | null, inner: Scope): Line[] => (value === null ? [] : cellLines(value, statedPair(value, inner, words)));
  const total = block.total?.map((value) => (value === null ? [] : together(strong(statedPair(value, scope, words)))));
  return [{
    kind: 'grid',
    columns: block.columns.map((column) => ({ heading: together(words.pair(column.words)), share: column.share ?? 1, align: column.align ?? 'left' })),
    rows: [...items.map((inner) => block.columns.map((column) => cell(column.value, inner))), ...(total ? [total] : [])],
  }];
}

/** A cell holds both languages: a person is named in it once, and what has a code begins as a heading does. */
function cellLines(value: FormValue, pair: Pair): Line[] {
  const [first] = typeof value === 'object' && 'stack' in value ? value.stack : [value];
  const kind = typeof first === 'object' && 'at' in first ? first.as : undefined;
  if (kind === 'name') return namesOnce(pair);
  return together(kind === 'code' ? capitalised(pair) : pair);
}

function each(block: Extract<FormBlock, { kind: 'each' }>, scope: Scope, context: FormContext): Block[] {
  const items = itemsAt(scope, block.each, block.as, block.where);
  if (items.length > 0) return items.flatMap((inner) => formBlocks(block.blocks, inner, context));
  return block.empty === undefined ? [] : [{ kind: 'pair', rows: [context.words.pair(block.empty)] }];
}

function usePart(name: string, scope: Scope, context: FormContext): Block[] {
  const part = context.parts.get(name);
  const depth = (context.depth ?? 0) + 1;
  if (!part || depth > NESTED_PARTS_MAX) throw new Error(`fault: a form uses the part ${name}, which is unknown or uses itself`);
  return formBlocks(part, scope, { ...context, depth });
}

interface Narrative {
  readonly id: string;
  readonly participantId: string | null;
  readonly sourceLanguage: string;
  readonly segments: readonly { readonly source: string; readonly target: string }[];
}

/** The text with this id, of the child whose document this is where there is one. English stands on the left, whichever was written first. */
function narrative(of: string, empty: string | undefined, scope: Scope, words: Words): Block[] {
  const found = narrativeIn(of, scope);
  if (!found) return empty === undefined ? [] : [{ kind: 'pair', rows: [words.pair(empty)] }];
  const isEnglishFirst = found.sourceLanguage === words.left.language;
  return [{
    kind: 'segments',
    rows: found.segments.map(({ source, target }) => (isEnglishFirst ? words.given(source, target) : words.given(target, source))),
  }];
}

function narrativeIn(of: string, scope: Scope): Narrative | null {
  const all = (scope['narratives'] as readonly Narrative[] | undefined) ?? [];
  if (of === 'narrative') return (scope['narrative'] as Narrative | undefined) ?? null;
  const child = 'child' in scope ? findPlace(scope, 'child.participantId').value : null;
  const ids = [of, `interview.${of}`];
  return all.find((one) => ids.includes(one.id) && (one.participantId ?? null) === child) ?? all.find((one) => ids.includes(one.id) && one.participantId === null) ?? null;
}

function signature(block: Extract<FormBlock, { kind: 'signature' }>, words: Words): Block {
  const row = (key: string): Pair => words.pair(`packet:signature.${key}`);
  return {
    kind: 'signature',
    oath: block.oath === true ? row('oath') : null,
    rows: [words.pair(block.by), row('name'), row('place_and_date'), ...(block.notary === true ? [row('notary')] : []), ...(block.stamp === true ? [row('stamp')] : [])],
  };
}

/** A document of the packet as its list names it. */
export interface ListedDocument {
  readonly id: string;
  readonly title: Pair;
  /** SHA-256 of what it says, in hex; null for the list itself. */
  readonly digest: string | null;
}

function contents(scope: Scope, words: Words): Block {
  const documents = findPlace(scope, 'documents').value as readonly ListedDocument[];
  const column = (key: string): Line[] => together(words.pair(`packet:label.${key}`));
  return {
    kind: 'contents',
    headings: { number: column('number'), title: column('document'), firstPage: column('first_page'), pages: column('pages') },
    rows: documents.map(({ id, title, digest }) => ({ id, title, note: digest === null ? null : { left: words.given(digestGroups(digest), '', 'code').left, right: [] } })),
  };
}
