// Names of persons across accents, orders, surnames and scripts. Pure: no database, no case data.
export { normaliseName, hasHangul } from './text.ts';
export { nameKeys, printedNameKeys } from './keys.ts';
export { compareNames, isSameName } from './compare.ts';
export type { NameComparison } from './compare.ts';
export { editDistance } from './edit-distance.ts';
export type { PersonName } from './keys.ts';
export { kept } from './kept.ts';
