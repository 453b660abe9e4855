import { once } from 'node:events';
import cliProgress from 'cli-progress';
import type { Language } from '../platform/config.ts';
import type { Finding } from '../platform/errors.ts';
import { translator, wordsForCode } from '../platform/i18n.ts';
import type { Io, Progress } from './command.ts';

/**
 * A reader that goes away (`puente … | head`) is no fault: what is left to say is dropped, and the work is finished.
 * Called once, before anything is written.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/**
 * Text from outside (file names, arguments, headings) as a terminal may show it: what would move the cursor, change colours or
 * turn the order of letters around is written out instead (`\\u001b`). Line ends stay.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The terminal as a command sees it. */
export function terminalIo(language: Language, wantsJson: boolean): Io {
  const people = wantsJson ? process.stderr : process.stdout;
  const words = translator(language);
  const say = (text: string) => void people.write(`${printable(text)}\n`);
  return {
    wantsJson, language, words, say,
    async json(value) {
      if (!wantsJson || process.stdout.destroyed || process.stdout.write(`${JSON.stringify(value)}\n`)) return;
      // A failed write rejects here too; what it means is decided in one place, above.
      await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(() => undefined);
    },
    finding: (finding, file) => say(findingLine(language, finding, file)),
    table: (headings, rows) => say(renderTable(headings, rows)),
    progress,
  };
}

/** `file:line path — words`, as compilers say it, so that editors can jump to the place. */
export function findingLine(language: Language, finding: Finding, file?: string): string {
  const place = [file, finding.line === undefined ? undefined : String(finding.line)].filter((part) => part !== undefined).join(':');
  const path = finding.path ? ` ${finding.path}` : '';
  const severity = translator(language)(`cli:severity.${finding.severity}`);
  return `${place}${path}${place || path ? ' — ' : ''}${severity}: ${wordsForCode(language, 'findings', finding.code, finding.params)}`;
}

/** Columns wide enough for their cells; Hangul and Hanja count twice, as terminals draw them. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(cellWidth(heading), ...rows.map((row) => cellWidth(row[column] ?? ''))));
  const isNumber = headings.map((_, column) => rows.length > 0 && rows.every((row) => /^[-\d.,\s%]*$/.test(row[column] ?? '')));
  const line = (cells: readonly string[]) => cells.map((cell, column) => {
    const pad = ' '.repeat(Math.max(0, (widths[column] ?? 0) - cellWidth(cell)));
    return isNumber[column] ? pad + cell : cell + pad;
  }).join('  ').trimEnd();
  return [line(headings), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    width += code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60)) ? 2 : 1;
  }
  return width;
}

function progress(label: string): Progress {
  if (!process.stderr.isTTY) return { advance: () => undefined, end: () => undefined };
  // No signal handlers of its own: they would keep Ctrl+C from ending the command. The cursor stays visible, so there is nothing to restore.
  const bar = new cliProgress.SingleBar({ format: `${label} {bar} {percentage}% {value}/{total}`, stream: process.stderr, clearOnComplete: true, gracefulExit: false });
  let isStarted = false;
  return {
    advance(done, total) {
      if (!isStarted) {
        bar.start(total ?? done, done);
        isStarted = true;
        return;
      }
      if (total !== undefined) bar.setTotal(total);
      bar.update(done);
    },
    end: () => bar.stop(),
  };
}
