import { AppError } from '../platform/errors.ts';
import { wordsForCode } from '../platform/i18n.ts';
import { STATUS } from './wire.ts';
import type { Status } from './wire.ts';

/** What a request gets instead of what it asked for. `code` says why, in the protocol's own English. */
export class Refusal extends Error {
  readonly status: Status;

  constructor(status: Status, why: string) {
    super(why);
    this.name = 'Refusal';
    this.status = status;
  }
}

export const noSuchFile = (): Refusal => new Refusal(STATUS.noSuchFile, 'No such file');
export const notAllowed = (): Refusal => new Refusal(STATUS.permissionDenied, 'Permission denied');
export const unsupported = (): Refusal => new Refusal(STATUS.unsupported, 'Operation unsupported');

const STATUS_OF_KIND: Readonly<Record<AppError['kind'], Status>> = {
  invalid: STATUS.failure, conflict: STATUS.failure, partner_unavailable: STATUS.failure, forbidden: STATUS.permissionDenied, unauthenticated: STATUS.permissionDenied, not_found: STATUS.noSuchFile,
};

/** The one place where refusals of the modules become answers of SFTP. A fault is told as a failure, without a word of it. */
export function refusalOf(error: unknown): { status: Status; words: string; isFault: boolean } {
  if (error instanceof Refusal) return { status: error.status, words: error.message, isFault: false };
  if (error instanceof AppError) return { status: STATUS_OF_KIND[error.kind], words: wordsForCode('en', 'errors', error.code, error.params), isFault: false };
  return { status: STATUS.failure, words: 'Failure', isFault: true };
}
