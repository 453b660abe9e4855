import { AppError } from '../platform/errors.ts';
import type { Finding } from '../platform/errors.ts';
import { SERVICE_CODES } from '../modules/partners/index.ts';
import { receivePacket } from '../modules/referrals/index.ts';
import type { Cover, CoverPerson, ReceivedPacket } from '../modules/referrals/index.ts';
import { field } from './visit.ts';
import type { Visit } from './visit.ts';

/** By a browser; larger containers come by API or SFTP. */
const PAGE_BYTES_MAX = 150 * 1024 * 1024;

/** The form with which papers come in, for officers and for the agency's own people (`parts/incoming-form.eta`). */
export const CHILDREN_ON_FORM = 4;
const FORM_BYTES = 64 * 1024;

export interface IncomingRefusal {
  readonly code: string;
  readonly params: AppError['params'];
  readonly findings: readonly Finding[];
}

export interface IncomingForm {
  readonly cover: Cover;
  readonly services: readonly string[];
  readonly children: readonly number[];
  readonly refusal: IncomingRefusal | null;
}

export function emptyForm(): IncomingForm {
  return formOf({}, null);
}

function formOf(cover: Cover, refusal: IncomingRefusal | null): IncomingForm {
  return { cover, services: SERVICE_CODES, children: Array.from({ length: CHILDREN_ON_FORM }, (_, index) => index + 1), refusal };
}

/** The form as it was typed, where what was wrong is told beside it. */
export const typedForm = (visit: Visit): IncomingForm => formOf(coverOf(visit), null);

/** The form as it was typed, with a refusal that came before it was looked at. */
export function formAgain(visit: Visit, { code, params, findings }: IncomingRefusal): IncomingForm {
  return formOf(coverOf(visit), { code, params, findings });
}

/** Each service and each child has a name of its own. */
function coverOf(visit: Visit): Cover {
  const person = (key: string): CoverPerson => ({ name: field(visit, key, 400), birthDate: field(visit, `${key}_born`, 20) });
  return {
    fileNumber: field(visit, 'file_number', 200), ourNumber: field(visit, 'our_number', 200), reference: field(visit, 'reference', 400),
    services: SERVICE_CODES.filter((code) => field(visit, `service_${code}`, 5) !== ''), obligor: person('obligor'), obligee: person('obligee'),
    children: formOf({}, null).children.map((number) => person(`child_${number}`)), note: field(visit, 'note', 5_000).replace(/\r\n?/g, '\n'),
  };
}

/** Takes what was sent with the form, or the form again with what is wrong with it. What says of itself that it is too large is not read. */
export async function takeIncoming({ visit, partnerId }: { visit: Visit; partnerId: string }): Promise<{ received: ReceivedPacket } | { form: IncomingForm; status: number }> {
  const { req, ctx } = visit;
  const cover = coverOf(visit);
  try {
    if (!req.upload || req.upload.fileName === '') throw new AppError('invalid', 'incoming.file_needed');
    if (Number(req.get('content-length') ?? 0) > PAGE_BYTES_MAX + FORM_BYTES) throw new AppError('invalid', 'file.too_large', { params: { bytesMax: PAGE_BYTES_MAX } });
    const isTyped = Object.values({ ...cover, services: '', obligor: cover.obligor?.name, obligee: cover.obligee?.name, children: cover.children?.map(({ name }) => name).join('') }).join('') !== ''
      || (cover.services ?? []).length > 0;
    const received = await receivePacket(ctx, { partnerId, fileName: req.upload.fileName, source: req.upload.source, ...(isTyped || hasDate(cover) ? { cover } : {}) });
    return { received };
  } catch (error) {
    const isTold = error instanceof AppError && (error.code === 'partner.unknown' || (error.kind === 'invalid' && /^(incoming|file)\./.test(error.code)));
    if (!isTold) throw error;
    return { form: formOf(cover, { code: error.code, params: error.params, findings: error.findings }), status: 422 };
  }
}

const hasDate = ({ obligor, obligee, children }: Cover): boolean => [obligor, obligee, ...(children ?? [])].some((person) => (person?.birthDate ?? '') !== '');

const FIELDS: Readonly<Record<string, string>> = {
  fileNumber: 'file_number', ourNumber: 'our_number', reference: 'reference', services: 'service-0', note: 'note', obligor: 'obligor', obligee: 'obligee', children: 'child_1',
};

/** What is wrong, each with the field where it is mended. */
export function faultsOf({ refusal }: IncomingForm, words: { error(code: string, params?: AppError['params']): string; finding(finding: Finding): string }): { field: string; text: string }[] {
  if (!refusal) return [];
  if (refusal.findings.length === 0) return [{ field: refusal.code.startsWith('partner.') ? 'partner' : 'file', text: words.error(refusal.code, refusal.params) }];
  return refusal.findings.map((finding) => ({ field: fieldAt(finding.path ?? ''), text: words.finding(finding) }));
}

function fieldAt(path: string): string {
  const [, part = '', second = '', third = ''] = path.split('/');
  const isBorn = path.endsWith('/birthDate');
  if (part === 'children' && second !== '') return `child_${Number(second) + 1}${third === 'birthDate' ? '_born' : ''}`;
  return `${FIELDS[part] ?? 'file'}${isBorn ? '_born' : ''}`;
}
