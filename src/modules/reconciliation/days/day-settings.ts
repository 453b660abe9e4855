import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';

/** When an agency's day of money ends, and how the age of open money is told (schemas/json/day-settings.v1.json). */
export interface DaySettings {
  readonly confirmed: boolean;
  readonly cutOff: string;
  readonly timeZone: string;
  readonly calendar: string;
  readonly remindAfterHours: number;
  readonly ageing: readonly number[];
}

const BUILT_IN = new URL('./day-settings.json', import.meta.url);
const FILE_BYTES_MAX = 20_000;

/**
 * The settings of this agency: `<data directory>/days.json`, else the built-in ones.
 *
 * @throws AppError invalid `days.settings_invalid`, with the place in the file.
 */
export function readDaySettings(ctx: Pick<Ctx, 'config'>): DaySettings {
  const own = join(ctx.config.dataDir, 'days.json');
  if (!existsSync(own)) return JSON.parse(readFileSync(BUILT_IN, 'utf8')) as DaySettings;
  const data = parsed(own);
  const validate = schemaValidator('day-settings.v1');
  if (!validate(data)) {
    throw new AppError('invalid', 'days.settings_invalid', { findings: (validate.errors ?? []).map((error) => schemaFinding(error, 'days.settings_schema')) });
  }
  const settings = data as DaySettings;
  const rising = settings.ageing.every((limit, i) => i === 0 || limit > (settings.ageing[i - 1] as number));
  if (!rising) throw new AppError('invalid', 'days.settings_invalid', { findings: [{ code: 'days.ageing_not_rising', severity: 'block', path: '/ageing' }] });
  if (!isTimeZone(settings.timeZone)) throw new AppError('invalid', 'days.settings_invalid', { findings: [{ code: 'days.time_zone_unknown', severity: 'block', path: '/timeZone' }] });
  return settings;
}

function parsed(path: string): unknown {
  try {
    return statSync(path).size <= FILE_BYTES_MAX ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : null;
  } catch (cause) {
    throw new AppError('invalid', 'days.settings_invalid', { findings: [{ code: 'days.settings_unreadable', severity: 'block', path: '/' }], cause });
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
