const MASKED_TYPES = new Set(['RRN', 'ARN']);

/** Korean registration numbers are written with the birth date and nothing of the rest (`900101-*******`). */
export function maskedIdentifier(type: string, value: string): string {
  return MASKED_TYPES.has(type) ? `${value.replace(/\D/g, '').slice(0, 6)}-*******` : value;
}
