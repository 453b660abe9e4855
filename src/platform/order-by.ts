/** By what a list is ordered; ties are broken by what makes each of its rows one of a kind, so that pages are stable. */
export interface Order<Key extends string = string> {
  readonly by: Key;
  readonly isDescending: boolean;
}

/**
 * The `order by` of a list: columns only from the allow-list of its store, never from a request; nothing stands last whichever way.
 * @param ties names each row alone, such as its id.
 */
export function orderBy<Key extends string>(columns: Readonly<Record<Key, readonly string[]>>, { by, isDescending }: Order<Key>, ties: readonly string[]): string {
  const direction = isDescending ? 'desc nulls last' : 'nulls last';
  return [...columns[by].map((column) => `${column} ${direction}`), ...ties].join(', ');
}
