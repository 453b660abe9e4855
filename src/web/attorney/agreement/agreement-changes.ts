import { differences } from '../../../modules/partners/index.ts';
import type { AgreementRecord, Difference } from '../../../modules/partners/index.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { changeLines } from '../../administrator/change-lines.ts';
import { regionName } from '../../agreement-line.ts';
import { partnerNameOf } from '../../referral-line.ts';
import type { Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

type Line = ReturnType<typeof changeLines>[number] & { /** Of the words themselves, where they are in one. */ readonly lang: string | null };

/** Everything in which a proposed version differs from the one before it, in all languages, named as the form names it. Nothing is cut short: who approves sees all of it. */
export function agreementChanges(before: AgreementRecord, after: AgreementRecord, visit: Visit): Line[] {
  const changes = differences(before, after).filter(({ path }) => path !== '/version');
  return changeLines(changes, visit).map((line, at) => {
    const change = changes[at] as Difference;
    return { ...line, label: labelOf(line, visit), before: said(change.before, change.path, visit, line.before), after: said(change.after, change.path, visit, line.after), lang: langOf(change.path) };
  });
}

/** The first step is a term of the agreement, the others are called as in any form that is made from a schema. */
function labelOf({ path, label }: { readonly path: string; readonly label: string }, { t }: Visit): string {
  const term = path.split('/')[1] ?? '';
  return [t(`agreements:field.${term}`), ...label.split(' › ').slice(1)].join(' › ');
}

function said(value: unknown, path: string, visit: Visit, otherwise: string | null): string | null {
  const { t, format, language } = visit;
  const [, term = '', part = '', ...rest] = path.split('/');
  if (value === undefined) return null;
  if (term === 'kind' || term === 'basis') return t(`agreements:${term}.${String(value)}`);
  if (part !== 'value') return otherwise;
  if (term === 'validUntil' && value === null) return t('agreements:no_end');
  if (typeof value === 'string') return (/^valid(From|Until)$/.test(term) || rest.at(-1) === 'signedOn') && isCalendarDate(value) ? format.date(value) : rest.at(-1) === 'side' ? otherwise : value;
  const words = wordsFor(language);
  const named: Readonly<Record<string, (code: string) => string>> = {
    partners: (id) => partnerNameOf(id, visit), counties: (code) => words.of('county', code), regions: (code) => regionName(code, visit), services: (code) => words.label('service', code),
  };
  const name = named[term];
  return name !== undefined && Array.isArray(value) && value.length > 0 ? value.map((one) => name(String(one))).join('\n') : otherwise;
}

function langOf(path: string): string | null {
  const [, , part, ...rest] = path.split('/');
  const last = rest.at(-1) ?? '';
  return part === 'value' && /^(en|[a-z]{2,3}-[A-Z]{2})$/.test(last) ? last : null;
}
