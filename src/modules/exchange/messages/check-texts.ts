import { addDays, isCalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { Message } from './message.ts';
import { pointerOf } from './read-json.ts';
import { isPart, messageSchema } from './schema-model.ts';
import type { PartModel, TextType } from './schema-model.ts';

const FINDINGS_MAX = 20;
/** Days on which something happened, so that a day to come is a slip. */
const PAST = new Set(['receivedOn', 'asOf', 'lastReportOn', 'givenOn', 'takenOn', 'collectedOn', 'sentOn', 'forwardedOn', 'birthDate', 'translatedOn', 'verifiedOn', 'issuedOn', 'openedOn']);
// Signs that no keyboard makes: control characters of 8-bit codes, and those that turn the direction of a line.
const INVISIBLE = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const UNSAFE_NAME = /[/\\]|^\.{1,2}$/;

/** Days that there are not, days that cannot be yet, signs that are not seen, names of files that are paths; the first of each. */
export function checkTexts(message: Message, now: Date): Finding[] {
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  const tomorrow = addDays(now.toISOString().slice(0, 10), 1);
  const say = (code: string, severity: Finding['severity'], path: readonly (string | number)[]): void => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count <= FINDINGS_MAX) findings.push({ code, severity, path: pointerOf(path) });
  };
  const text = (value: string, type: TextType, path: readonly (string | number)[]): void => {
    const name = path.at(-1);
    if (type.format === 'date') {
      if (!isCalendarDate(value)) say('message.date_impossible', 'block', path);
      else if (PAST.has(String(name)) && value > tomorrow) say('message.date_ahead', 'warn', path);
    } else if (INVISIBLE.test(value)) say('message.invisible_character', 'warn', path);
    if (name === 'fileName' && UNSAFE_NAME.test(value)) say('message.file_name', 'block', path);
  };
  const { root } = messageSchema();
  if (isPart(root.type)) walk(message as unknown as Record<string, unknown>, root.type, [], text);
  return findings;
}

function walk(value: Readonly<Record<string, unknown>>, part: PartModel, path: (string | number)[], text: (value: string, type: TextType, path: readonly (string | number)[]) => void): void {
  const visit = (one: unknown, type: TextType | PartModel, at: string | number): void => {
    path.push(at);
    if (isPart(type)) walk(one as Record<string, unknown>, type, path, text);
    else if (typeof one === 'string') text(one, type, path);
    path.pop();
  };
  for (const { name, type } of part.attributes) if (value[name] !== undefined) visit(value[name], type, name);
  if (part.text) visit(value['value'], part.text.type, 'value');
  for (const { name, type } of part.elements) {
    const one = value[name];
    if (one === undefined) continue;
    if (!Array.isArray(one)) { visit(one, type, name); continue; }
    path.push(name);
    for (const [index, each] of one.entries()) visit(each, type, index);
    path.pop();
  }
}
