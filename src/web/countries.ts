import type { Language } from '../platform/i18n.ts';

/** Names of countries and of jurisdictions such as `US-CA`, in a language; a code that is none stays as it is. */
export function countryNames(language: Language): (code: string) => string {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
  return (code) => {
    const [country = '', part] = code.split('-');
    if (!/^[A-Z]{2}$/.test(country)) return code;
    const name = names.of(country) ?? country;
    return part ? `${name} (${part})` : name;
  };
}
