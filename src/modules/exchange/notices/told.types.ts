/** How telling went. `again`: later it may go; `never`: it would go wrong in the same way; `gone`: the receiver wants no more. */
export interface Told {
  readonly outcome: 'sent' | 'again' | 'never' | 'gone';
  readonly code: string;
  readonly isAnswering: boolean;
  readonly retryAfterS?: number | null;
}
