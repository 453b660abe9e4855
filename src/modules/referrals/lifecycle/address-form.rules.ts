import type { Residence } from '../../cases/index.ts';

/** How the addresses of a country are written (`documents/address-forms/*.json`, schemas/json/address-form.v1.json). */
export interface AddressForm {
  readonly country: string;
  /** 9 stands for a digit, A for a letter. */
  readonly postalCodes: readonly string[];
  readonly regions: readonly { readonly code: string; readonly names: readonly string[] }[];
}

export type AddressPart = 'postalCode' | 'region';

/** The part of an address that its country does not have; null where it fits. What is not told is not wrong. */
export function misfit({ postalCode = '', region = '', country }: Pick<Residence, 'postalCode' | 'region' | 'country'>, form: AddressForm): AddressPart | null {
  const looks = postalCode.trim().toUpperCase().replace(/\d/g, '9').replace(/[A-Z]/g, 'A');
  if (looks !== '' && form.postalCodes.length > 0 && !form.postalCodes.includes(looks)) return 'postalCode';
  if (folded(region) === '' || form.regions.length === 0) return null;
  return regionCode(region, { ...form, country }) === null ? 'region' : null;
}

/** The code of a region written by code or name, with or without its country; null where the country has none such. */
export function regionCode(region: string, { country, regions }: Pick<AddressForm, 'country' | 'regions'>): string | null {
  const given = [folded(region), folded(region.startsWith(`${country}-`) ? region.slice(country.length + 1) : region)];
  return regions.find(({ code, names }) => [code, ...names].some((name) => given.includes(folded(name))))?.code ?? null;
}

/** Case, accents and punctuation off. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
