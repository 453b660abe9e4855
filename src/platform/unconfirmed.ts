import { readFileSync } from 'node:fs';

/** One datum of a file of data that nobody has confirmed: where it stands, what is known of it. */
export interface UnconfirmedDatum {
  /** Which sort of data: `clocks`, `calendars`, `rates` … */
  readonly kit: string;
  /** The file that has it, as an operator names it. */
  readonly file: string;
  /** JSON pointer into the file. */
  readonly path: string;
  /** A citation, name or code that tells it apart. */
  readonly says: string;
  readonly sources: readonly string[];
  readonly note: string | null;
}

const NAMES = ['citation', 'clock', 'calendarId', 'ruleId', 'code', 'source', 'version', 'kind', 'name'];
const SOURCES_MAX = 8;

/** Every datum in a file of data that says of itself `"confirmed": false`. */
export function unconfirmedInFile(kit: string, url: URL, file: string): UnconfirmedDatum[] {
  return unconfirmedIn(kit, file, JSON.parse(readFileSync(url, 'utf8')));
}

export function unconfirmedIn(kit: string, file: string, data: unknown): UnconfirmedDatum[] {
  const found: UnconfirmedDatum[] = [];
  const visit = (value: unknown, path: string, around: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const datum = value as Readonly<Record<string, unknown>>;
    const says = namesOf(datum) || around;
    if (datum['confirmed'] === false) found.push({ kit, file, path: path || '/', says: says || path.split('/').at(-1) || '', sources: sourcesOf(datum), note: textOf(datum['note']) });
    for (const [name, member] of Object.entries(datum)) visit(member, `${path}/${name}`, says);
  };
  visit(data, '', '');
  return found;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function namesOf(datum: Readonly<Record<string, unknown>>): string {
  const english = (datum['names'] as Readonly<Record<string, unknown>> | undefined)?.['en'];
  return [...NAMES.map((name) => textOf(datum[name])), textOf(english)].filter((one) => one !== null).slice(0, 2).join(', ');
}

function sourcesOf(datum: Readonly<Record<string, unknown>>): string[] {
  const list = Array.isArray(datum['sources']) ? datum['sources'] : [datum['source'], datum['series'], datum['citation']];
  return list.flatMap((one: unknown) => {
    const said = typeof one === 'object' && one !== null ? (one as { citation?: unknown }).citation : one;
    return typeof said === 'string' ? [said] : [];
  }).slice(0, SOURCES_MAX);
}
