import type { Finding } from '../../platform/errors.ts';

/** More than a person would ever read; what exceeds it is counted. */
const FINDINGS_MAX = 10_000;

/**
 * Collects what an import saw. What blocks or calls for a person is listed line by line; what is only worth knowing is told
 * once for each code, with how often and where first.
 */
export class ImportFindings {
  omitted = 0;
  private readonly listed: Finding[] = [];
  private readonly notes = new Map<string, { first: Finding; count: number }>();

  add(line: number, findings: readonly Finding[]): void {
    for (const finding of findings) {
      const located = { ...finding, line };
      if (finding.severity === 'info') this.note(located);
      else if (this.listed.length < FINDINGS_MAX) this.listed.push(located);
      else this.omitted += 1;
    }
  }

  list(): Finding[] {
    const notes = [...this.notes.values()].map(({ first, count }) => ({ ...first, params: { ...first.params, count } }));
    return [...this.listed.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)), ...notes];
  }

  private note(finding: Finding): void {
    const known = this.notes.get(finding.code);
    if (known) known.count += 1;
    else this.notes.set(finding.code, { first: finding, count: 1 });
  }
}
