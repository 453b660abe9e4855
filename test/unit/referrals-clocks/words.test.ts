import { LANGUAGES } from '../../../src/platform/config.ts';
import { hasWords } from '../../../src/platform/i18n.ts';
import { calendarOf, listClocks } from '../../../src/modules/referrals/clocks/index.ts';

describe.each(LANGUAGES)('clock words in %s', (language) => {
  it('name every clock, every event, every kind of day and every holiday', () => {
    const keys = [
      ...listClocks().flatMap(({ clock, starts, stops, dayKind }) => [`name.${clock.replaceAll('.', '_')}`, `event.${starts}`, `event.${stops}`, `dayKind.${dayKind}`]),
      ...['us-ca', 'mx', 'kr'].map(calendarOf).flatMap(({ rules, closedDays }) => [...rules, ...closedDays]).map(({ id }) => `holiday.${id}`),
    ];
    expect(keys.filter((key) => !hasWords(language, `clocks:${key}`))).toEqual([]);
  });
});
