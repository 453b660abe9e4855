import type { Config } from '../platform/config.ts';
import { hasWords } from '../platform/i18n.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

/** For the operator who adds a partner as a file: whether the profiles are sound, and what nobody has confirmed yet. */
export const partnerCommands: readonly Command[] = [
  { name: 'partners list', describe: 'partners:cli.list', needs: 'nothing', run: list },
  { name: 'partners check', describe: 'partners:cli.check', needs: 'nothing', run: check },
  { name: 'partners show', args: '<partner>', describe: 'partners:cli.show', needs: 'nothing', run: show },
];

async function list(io: Io, _input: Input, config: Config): Promise<ExitCode> {
  const { listPartners, loadPartners, partnerName, unconfirmedFacts } = await import('../modules/partners/index.ts');
  loadPartners(config.dataDir);
  const rows = listPartners().map((profile) => ({
    partnerId: profile.partnerId,
    name: partnerName(profile, io.language),
    basis: profile.exchangeBasis.value.basis,
    counties: profile.counties.value,
    unconfirmed: unconfirmedFacts(profile).length,
  }));
  const headings = ['id', 'name', 'basis', 'counties', 'unconfirmed'].map((column) => io.words(`partners:cli.column.${column}`));
  io.table(headings, rows.map((row) => [row.partnerId, row.name, io.words(`partners:basis.${row.basis}`), row.counties.join(', '), String(row.unconfirmed)]));
  for (const row of rows) await io.json(row);
  return EXIT.done;
}

/** Everything in the data directory that makes a partner country, at once: what is not readable, not there, or has no words. */
async function check(io: Io, _input: Input, config: Config): Promise<ExitCode> {
  const { checkCountryData } = await import('../modules/referrals/index.ts');
  const { partners, findings } = checkCountryData(config.dataDir);
  for (const finding of findings) {
    const [file, place] = (finding.path ?? '').split('#');
    io.finding({ ...finding, path: place }, file);
  }
  const headings = ['id', 'language', 'forms', 'words', 'missing'].map((column) => io.words(`partners:cli.column.${column}`));
  io.table(headings, partners.map((one) => [one.partnerId, one.language, one.forms, String(one.words), String(one.missing)]));
  io.say(io.words(findings.length === 0 ? 'partners:cli.check_clean' : 'partners:cli.check_found', { count: findings.length }));
  await io.json({ partners, findings });
  return findings.some(({ severity }) => severity === 'block') ? EXIT.needsPerson : EXIT.done;
}

async function show(io: Io, input: Input, config: Config): Promise<ExitCode> {
  const { getPartner, loadPartners, partnerName, unconfirmedFacts } = await import('../modules/partners/index.ts');
  loadPartners(config.dataDir);
  const profile = getPartner(input.args[0] ?? '');
  const facts = unconfirmedFacts(profile);
  io.say(partnerName(profile, io.language));
  if (facts.length === 0) io.say(io.words('partners:cli.all_confirmed'));
  else {
    const headings = ['path', 'why', 'sources'].map((column) => io.words(`partners:cli.column.${column}`));
    io.table(headings, facts.map(({ path, note, sources }) => [path, reason(io, note), sources.join(', ')]));
  }
  for (const fact of facts) await io.json({ partnerId: profile.partnerId, ...fact });
  return EXIT.done;
}

/** The words of a note; an operator's own note, which no locale knows, stands as it was written. */
function reason(io: Io, note: string | null): string {
  if (note === null) return io.words('partners:to_be_confirmed');
  return hasWords(io.language, `partners:note.${note}`) ? io.words(`partners:note.${note}`) : note;
}
