/** By what a list is ordered: one of the keys that its store allows; ties are broken by the id. */
export interface ListOrder<Key extends string> {
  readonly by: Key;
  readonly isDescending: boolean;
}

/** The words after `order by`: the column of the key, then the id in the same direction. */
export function orderBy<Key extends string>(columns: Readonly<Record<Key, string>>, { by, isDescending }: ListOrder<Key>, id: string): string {
  const direction = isDescending ? 'desc' : 'asc';
  return `${columns[by]} ${direction} nulls last, ${id} ${direction}`;
}
