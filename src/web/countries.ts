import type { Language } from '../platform/i18n.ts';

/** A language by its tag, as another language calls it (CLDR); what is no tag stays as it is. */
export function nameOfLanguage(tag: string, language: Language): string {
  if (!/^[a-z]{2,3}(-[A-Z]{2})?$/.test(tag)) return tag;
  return new Intl.DisplayNames(language, { type: 'language', fallback: 'code' }).of(tag) ?? tag;
}

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
