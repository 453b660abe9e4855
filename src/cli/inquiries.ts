import { readFile, stat } from 'node:fs/promises';
import type { ApplicationRequest, InquiryRequest } from '../modules/exchange/index.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, optionalText, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const PAGED = [{ flags: '--partner <partner>', describe: 'inquiries:cli.partner' }, { flags: '--all', describe: 'inquiries:cli.all' }, { flags: '--page <number>', describe: 'inquiries:cli.page', fallback: '1' }];

export const inquiryCommands: readonly Command[] = [
  { name: 'inquiries list', describe: 'inquiries:cli.list', needs: 'app', run: list, options: PAGED },
  { name: 'inquiries show', args: '<inquiry>', describe: 'inquiries:cli.show', needs: 'app', run: show },
  { name: 'inquiries ask', args: '<file>', describe: 'inquiries:cli.ask', needs: 'app', run: ask },
  { name: 'inquiries answer', args: '<inquiry> <file>', describe: 'inquiries:cli.answer', needs: 'app', run: answer, options: [{ flags: '--case <case>', describe: 'inquiries:cli.case' }] },
  { name: 'inquiries decline', args: '<inquiry>', describe: 'inquiries:cli.decline', needs: 'app', run: decline, options: [{ flags: '--reason <code>', describe: 'inquiries:cli.reason', required: true }] },
  { name: 'inquiries withdraw', args: '<consent>', describe: 'inquiries:cli.withdraw', needs: 'app', run: withdraw },
  { name: 'applications list', describe: 'inquiries:cli.applications', needs: 'app', run: applications, options: PAGED },
  { name: 'applications file', args: '<file>', describe: 'inquiries:cli.file', needs: 'app', run: file },
  { name: 'applications worksheet', args: '<application>', describe: 'inquiries:cli.worksheet', needs: 'app', run: worksheet },
  { name: 'applications accept', args: '<application>', describe: 'inquiries:cli.accept', needs: 'app', run: accept },
  { name: 'applications refuse', args: '<application>', describe: 'inquiries:cli.refuse', needs: 'app', run: refuse, options: [{ flags: '--reason <code>', describe: 'inquiries:cli.reason', required: true }] },
  { name: 'applications link', args: '<application>', describe: 'inquiries:cli.link', needs: 'app', run: link, options: [{ flags: '--case <case>', describe: 'inquiries:cli.case', required: true }] },
];

const queryOf = (input: Input) => ({ show: input.options['all'] === true ? 'all' as const : 'open' as const, partnerId: optionalText(input, 'partner'), page: Number(textOption(input, 'page')) || 1 });
const BYTES_MAX = 1024 * 1024;

/** A small JSON object. @throws AppError `file.unreadable`. */
async function readObject(path: string): Promise<Record<string, unknown>> {
  const found = await stat(path).catch(() => null);
  const text = found?.isFile() && found.size <= BYTES_MAX ? await readFile(path, 'utf8') : null;
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Whatever it is, it is no JSON.
  }
  throw new AppError('invalid', 'file.unreadable', { params: { file: path } });
}

function tellFindings(io: Io, error: unknown): never {
  if (error instanceof AppError) for (const finding of error.findings) io.finding(finding);
  throw error;
}

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listInquiries } = await import('../modules/exchange/index.ts');
  const { rows, total } = await listInquiries(ctx, queryOf(input));
  io.table(['number', 'by', 'partner', 'state', 'what'].map((column) => io.words(`inquiries:cli.column.${column}`)), rows.map((row) => [
    row.inquiryId, row.answerBy, row.partnerId, io.words(`inquiries:shown.${row.shown}`), row.questions.map((one) => io.words(`inquiries:question.${one}`)).join(', '),
  ]));
  if (total > rows.length) io.say(io.words('inquiries:cli.more', { shown: rows.length, total }));
  for (const { details: _, ...row } of rows) await io.json(row);
  return rows.some(({ isOverdue }) => isOverdue) ? EXIT.needsPerson : EXIT.done;
}

async function show(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { readInquiry } = await import('../modules/exchange/index.ts');
  const inquiry = await readInquiry(ctx, input.args[0] ?? '');
  io.say(io.words('inquiries:cli.said_state', { number: inquiry.inquiryId, state: io.words(`inquiries:shown.${inquiry.shown}`) }));
  for (const reason of inquiry.work?.reasons ?? []) io.say(`  ${io.words(`inquiries:why.${reason}`)}`);
  const { inquiryId, partnerId, shown, receivedOn, answerBy, isOverdue, questions, consentId, consentLack, reason } = inquiry;
  await io.json({ inquiryId, partnerId, shown, receivedOn, answerBy, isOverdue, questions, consentId, consentLack, reason, reasons: inquiry.work?.reasons ?? [], caseId: inquiry.work?.caseId ?? null, answers: inquiry.answers.map(({ content }) => content) });
  return shown === 'received' || shown === 'with_person' ? EXIT.needsPerson : EXIT.done;
}

/** What of the file has not the form of a question is told with its field. */
async function ask(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { askAboutCase } = await import('../modules/exchange/index.ts');
  const given = await readObject(input.args[0] ?? '');
  const asked = await askAboutCase(ctx, shaped(given) as unknown as InquiryRequest).catch((error: unknown) => tellFindings(io, error));
  io.say(io.words('inquiries:cli.said_asked', { number: asked.inquiryId, by: asked.answerBy }));
  await io.json(asked);
  return EXIT.done;
}

/** A file may lack any part: rules say which, and where. */
function shaped(given: Record<string, unknown>): Record<string, unknown> {
  const part = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {});
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);
  const flat = (value: unknown): Record<string, unknown> => Object.fromEntries(Object.entries(part(value)).filter(([, one]) => typeof one === 'string'));
  return {
    ...flat(given), person: flat(given['person']), asker: flat(given['asker']), questions: texts(given['questions']),
    consent: given['consent'] === undefined || given['consent'] === null ? null : { ...flat(given['consent']), questions: texts(part(given['consent'])['questions']) },
    services: texts(given['services']), applicant: flat(given['applicant']), otherParent: flat(given['otherParent']), hasOrder: given['hasOrder'] === true,
    children: (Array.isArray(given['children']) ? given['children'] : []).map(flat),
  };
}

async function answer(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { draftAnswer } = await import('../modules/exchange/index.ts');
  const { getCase } = await import('../modules/cases/index.ts');
  const texts = Object.fromEntries(Object.entries(await readObject(input.args[1] ?? '')).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const caseId = optionalText(input, 'case');
  const about = caseId === undefined ? null : await getCase(ctx, caseId);
  const drafted = await draftAnswer(ctx, input.args[0] ?? '', { about: about && { caseId: about.caseId, county: about.county }, texts }).catch((error: unknown) => tellFindings(io, error));
  io.say(io.words('inquiries:cli.said_state', { number: drafted.inquiryId, state: io.words('inquiries:desk.drafted') }));
  await io.json(drafted);
  return EXIT.needsPerson;
}

async function decline(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { declineInquiry } = await import('../modules/exchange/index.ts');
  const inquiryId = input.args[0] ?? '';
  const state = await declineInquiry(ctx, inquiryId, textOption(input, 'reason'));
  io.say(io.words('inquiries:cli.said_state', { number: inquiryId, state: io.words(`inquiries:shown.${state}`) }));
  await io.json({ inquiryId, state });
  return EXIT.done;
}

async function withdraw(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { withdrawConsent } = await import('../modules/exchange/index.ts');
  const withdrawn = await withdrawConsent(ctx, input.args[0] ?? '');
  io.say(io.words('inquiries:cli.said_withdrawn', { ended: withdrawn.ended }));
  await io.json(withdrawn);
  return EXIT.done;
}

async function applications(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listApplications } = await import('../modules/exchange/index.ts');
  const { rows, total } = await listApplications(ctx, queryOf(input));
  io.table(['number', 'by', 'partner', 'state'].map((column) => io.words(`inquiries:cli.column.${column}`)), rows.map((row) => [row.applicationId, row.openBy, row.partnerId, io.words(`inquiries:application_state.${row.state}`)]));
  if (total > rows.length) io.say(io.words('inquiries:cli.more', { shown: rows.length, total }));
  for (const { details: _, ...row } of rows) await io.json(row);
  return rows.some(({ isOverdue }) => isOverdue) ? EXIT.needsPerson : EXIT.done;
}

async function file(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { fileApplication } = await import('../modules/exchange/index.ts');
  const filed = await fileApplication(ctx, { county: '', ...shaped(await readObject(input.args[0] ?? '')) } as unknown as ApplicationRequest).catch((error: unknown) => tellFindings(io, error));
  io.say(io.words('inquiries:cli.said_filed', { number: filed.applicationId, by: filed.openBy }));
  await io.json(filed);
  return EXIT.done;
}

async function worksheet(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { applicationWorksheet } = await import('../modules/exchange/index.ts');
  const lines = await applicationWorksheet(ctx, input.args[0] ?? '');
  io.table(['field', 'value'].map((column) => io.words(`inquiries:worksheet.column.${column}`)), lines.map(({ field, index, value }) => [`${io.words(`inquiries:worksheet.${field}`)}${index === null ? '' : ` (${index})`}`, value ?? io.words('inquiries:apply_desk.lacking')]));
  for (const line of lines) await io.json(line);
  return EXIT.done;
}

async function tell(io: Io, { applicationId, state }: { readonly applicationId: string; readonly state: string }): Promise<ExitCode> {
  io.say(io.words('inquiries:cli.said_state', { number: applicationId, state: io.words(`inquiries:application_state.${state}`) }));
  await io.json({ applicationId, state });
  return EXIT.done;
}

async function accept(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { acceptApplication } = await import('../modules/exchange/index.ts');
  return tell(io, await acceptApplication(ctx, input.args[0] ?? ''));
}

async function refuse(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { refuseApplication } = await import('../modules/exchange/index.ts');
  return tell(io, await refuseApplication(ctx, input.args[0] ?? '', textOption(input, 'reason')));
}

async function link(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { linkApplication } = await import('../modules/exchange/index.ts');
  const { getCase } = await import('../modules/cases/index.ts');
  const { caseId, county } = await getCase(ctx, textOption(input, 'case'));
  return tell(io, await linkApplication(ctx, input.args[0] ?? '', { caseId, county }));
}
