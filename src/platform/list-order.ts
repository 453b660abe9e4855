/** By what a list is ordered: one of the keys that its store allows; ties are broken by the id. */
export interface ListOrder<Key extends string> {
  readonly by: Key;
  readonly isDescending: boolean;
}

/**
 * A column of names, in the order of a dictionary and not of bytes: capitals and accents aside, ñ a letter of its own behind n, Hangul by syllables behind Latin.
 * Names of all three languages stand in each list, so that there is one order for all readers, and a page begins where the one before ended.
 */
export const byName = (column: string): string => `${column} collate "es-x-icu"`;

/** What is sought within a text, on both sides: without accents, in small letters; Hangul stays whole. */
export const foldedSql = (text: string): string => `lower(normalize(regexp_replace(normalize(${text}, nfkd), '[\\u0300-\\u036f]', '', 'g'), nfc))`;

/** The words after `order by`: the column of the key, then the id in the same direction. */
export function orderBy<Key extends string>(columns: Readonly<Record<Key, string>>, { by, isDescending }: ListOrder<Key>, id: string): string {
  const direction = isDescending ? 'desc' : 'asc';
  return `${columns[by]} ${direction} nulls last, ${id} ${direction}`;
}
