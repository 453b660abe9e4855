import { loadOfficeCalendars } from './clocks/index.ts';
import { loadGlossaries } from './documents/federal-wordings.ts';
import { loadForms } from './documents/form-library.ts';
import { loadInterviews } from './interview/interviews.ts';

/**
 * Reads what the data directory adds to the built-in forms, wordings, interviews and calendars, so that another country needs no code.
 * Called once at start, after the words and the partners.
 *
 * @throws AppError with a located finding for every fault; what was in force stays.
 */
export function loadCountryData(dataDir: string | null): void {
  loadOfficeCalendars(dataDir);
  loadGlossaries(dataDir);
  loadForms(dataDir);
  loadInterviews(dataDir);
}
