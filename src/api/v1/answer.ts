import type { Readable } from 'node:stream';
import type { Ctx } from '../../platform/context.ts';
import type { Language } from '../../platform/config.ts';
import type { ClientActor } from '../../modules/identity/index.ts';

/** What an operation answers; the frame checks it against the description and sends it. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content;
  /**
   * What is true only when the content is handed out: not when the caller has it already, or asks for the headers alone. Of a file it is done
   * before the last bytes leave, so that whoever has them all finds it done.
   */
  readonly beforeSent?: () => Promise<void>;
}

export type Content =
  | { readonly type: 'application/json'; readonly json: unknown }
  | { readonly type: string; readonly bytes: Uint8Array; readonly fileName?: string }
  | FileContent;

/** A file that is handed out as it is read, whole or from one place to another. */
export interface FileContent {
  readonly type: string;
  readonly open: (range: { readonly from: number; readonly to: number }) => Promise<Readable>;
  readonly size: number;
  readonly fileName: string;
  readonly etag: string;
}

/** A request that has been read and fits the description. */
export interface Call {
  /** As the client, in the caller's language; where nobody has to be known, as nobody. */
  readonly ctx: Ctx;
  readonly client: ClientActor | null;
  readonly language: Language;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | undefined>>;
  readonly header: (name: string) => string | undefined;
  /** The form of content that the caller prefers among those of the operation. */
  readonly accepted: string;
  /** Read as its form says: a record, or the bytes as they came. */
  readonly body: unknown;
  readonly bytes: Uint8Array;
  /** Where the body is kept before it is judged, as it comes. */
  readonly source: Readable;
  /** How long the body will be, where that was announced. */
  readonly byteCount: number | null;
  readonly bodyType: string;
  readonly address: string;
}

export type Handler = (call: Call) => Promise<Answer>;

export const json = (value: unknown, status = 200, headers: Answer['headers'] = {}): Answer => ({ status, headers, content: { type: 'application/json', json: value } });
