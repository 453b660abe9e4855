import { renderTable } from '../../src/cli/io.ts';
import type { Io } from '../../src/cli/command.ts';
import type { Language } from '../../src/platform/config.ts';
import type { Finding } from '../../src/platform/errors.ts';
import { translator } from '../../src/platform/i18n.ts';

export interface RecordingTerminal extends Io {
  readonly lines: string[];
  readonly values: unknown[];
  readonly findings: Finding[];
}

/** A terminal that keeps what a command says, for people and for programs. */
export function recordingTerminal(language: Language = 'en'): RecordingTerminal {
  const [lines, values, findings]: [string[], unknown[], Finding[]] = [[], [], []];
  return {
    wantsJson: true, language, words: translator(language), lines, values, findings,
    say: (text) => void lines.push(text),
    async json(value) { values.push(JSON.parse(JSON.stringify(value))); },
    finding: (finding) => void findings.push(finding),
    table: (headings, rows) => void lines.push(renderTable(headings, rows)),
    progress: () => ({ advance: () => undefined, end: () => undefined }),
  };
}
