import type { CoverageBook } from './coverage.ts';
import type { Desk, ReadyFile } from './desk.ts';
import { Inbox, seconds } from './inbox.ts';
import type { OpenUpload } from './inbox.ts';
import { LIMITS } from './limits.ts';
import type { Folder, Place } from './paths.ts';
import { noSuchFile, notAllowed } from './trouble.ts';
import type { Budget } from './upload.ts';
import type { Attributes, Entry } from './wire.ts';

export type { OpenUpload } from './inbox.ts';
type FilePlace = Extract<Place, { kind: 'file' }>;
type ReadyFolder = 'outbox' | 'picked-up';

export interface OpenFile {
  readonly attributes: Attributes;
  read(at: number, length: number): Promise<Buffer>;
  /** `byClient`: not because the session ended. */
  close(byClient: boolean): Promise<void>;
}

const FOLDER: Attributes = { mode: 0o040700 };
const READY_FOLDERS: Partial<Record<Folder, ReadyFolder>> = { '/outbox': 'outbox', '/outbox/picked-up': 'picked-up' };
const RECEIPT_ENDING = '.p7s';

/** What the sessions of one partner share. */
export interface PartnerState {
  readonly budget: Budget;
  readonly handedOut: CoverageBook;
}

/** The tree of one partner as one session sees it. None of it is a folder on a disk: names are looked up, never paths. */
export class Tree {
  readonly bytesMax: number;
  readonly #desk: Desk;
  readonly #inbox: Inbox;
  /** What the partner puts beside our receipts: its own. */
  readonly #theirReceipts: Inbox;
  readonly #handedOut: CoverageBook;
  #checkedAt = performance.now();

  constructor(desk: Desk, { budget, handedOut }: PartnerState) {
    this.#desk = desk;
    this.#handedOut = handedOut;
    this.#inbox = new Inbox(desk, budget);
    this.#theirReceipts = new Inbox(desk, budget);
    this.bytesMax = desk.bytesMax;
  }

  /** A key that was revoked or that ran out is out within a minute, also in a session that goes on. */
  async check(): Promise<void> {
    const now = performance.now();
    if (now - this.#checkedAt < LIMITS.recheckMs) return;
    await this.#desk.check();
    this.#checkedAt = now;
  }

  async stat(place: Place): Promise<Attributes> {
    if (place.kind === 'folder') return FOLDER;
    if (place.folder === '/inbox') return this.#inbox.stat(place.name);
    if (place.folder === '/receipts') return this.#theirReceipts.has(place.name) ? this.#theirReceipts.stat(place.name) : (await this.#receipt(place.name)).attributes;
    return attributesOf(await this.#ready(place));
  }

  async* list(folder: Folder): AsyncGenerator<readonly Entry[]> {
    const ready = READY_FOLDERS[folder];
    if (folder === '/') yield [{ name: 'inbox', ...FOLDER }, { name: 'outbox', ...FOLDER }, { name: 'receipts', ...FOLDER }];
    if (folder === '/outbox') yield [{ name: 'picked-up', ...FOLDER }];
    if (folder === '/inbox') yield* slices(this.#inbox.list());
    if (ready) yield* pages((after) => this.#desk.listReady(ready, after), (file) => ({ name: file.name, ...attributesOf(file) }));
    if (folder === '/receipts') {
      yield* slices(this.#theirReceipts.list());
      yield* pages((after) => this.#desk.listReceipts(after), ({ name, size, happenedAt }) => ({ name, size, mode: 0o100400, modifiedAt: seconds(happenedAt) }));
    }
  }

  async openToRead(place: FilePlace): Promise<OpenFile> {
    if (place.folder === '/inbox') throw notAllowed();
    if (place.folder === '/receipts') {
      const { receiptId, attributes } = await this.#receipt(place.name);
      const signed = await this.#desk.readReceipt(receiptId);
      return { attributes: { ...attributes, size: signed.length }, read: async (at, length) => signed.subarray(at, at + length), close: async () => undefined };
    }
    return this.#openReady(await this.#ready(place));
  }

  async openToWrite(place: FilePlace, how: { mayCreate: boolean; mustBeNew: boolean }): Promise<OpenUpload> {
    const incoming = this.#incoming(place.folder);
    // Under the name of a receipt of ours nobody puts another.
    if (!incoming || (place.folder === '/receipts' && await this.#desk.findReceipt(place.name))) throw notAllowed();
    return incoming.open(place.name, how);
  }

  /** Out of the outbox a file is picked up, not lost; a half upload is given up. */
  async remove(place: FilePlace): Promise<void> {
    if (place.folder === '/inbox') return this.#inbox.remove(place.name);
    if (place.folder === '/receipts') {
      if (!this.#theirReceipts.has(place.name)) throw notAllowed();
      return this.#theirReceipts.remove(place.name);
    }
    const file = await this.#ready(place);
    if (place.folder === '/outbox/picked-up') throw notAllowed();
    if (!(await this.#desk.pickUp(file))) throw noSuchFile();
  }

  async rename(from: FilePlace, to: FilePlace, replaces: boolean): Promise<void> {
    const incoming = from.folder === to.folder ? this.#incoming(from.folder) : null;
    if (incoming && (from.folder === '/inbox' || this.#theirReceipts.has(from.name))) return incoming.rename(from.name, to.name, replaces);
    if (from.folder !== '/outbox' || to.folder !== '/outbox/picked-up' || from.name !== to.name) throw notAllowed();
    if (!(await this.#desk.pickUp(await this.#ready(from)))) throw noSuchFile();
  }

  async setSize(place: Place, size: bigint | null): Promise<void> {
    const incoming = place.kind === 'folder' ? null : this.#incoming(place.folder);
    if (place.kind === 'folder' || !incoming || (place.folder === '/receipts' && !incoming.has(place.name))) throw notAllowed();
    incoming.setSize(place.name, size);
  }

  leave(): void {
    this.#inbox.leave();
    this.#theirReceipts.leave();
  }

  #incoming(folder: Folder): Inbox | null {
    return folder === '/inbox' ? this.#inbox : folder === '/receipts' ? this.#theirReceipts : null;
  }

  async #ready(place: FilePlace): Promise<ReadyFile> {
    const file = await this.#desk.findReady(READY_FOLDERS[place.folder] as ReadyFolder, place.name);
    if (!file) throw noSuchFile();
    return file;
  }

  async #receipt(name: string): Promise<{ receiptId: string; attributes: Attributes }> {
    // By the name that this session gave its file: a script that sends one file knows no other.
    const sent = name.slice(0, -RECEIPT_ENDING.length);
    const own = name.endsWith(RECEIPT_ENDING) ? this.#inbox.receiptOf(sent) ?? this.#theirReceipts.receiptOf(sent) : null;
    if (own !== null) return { receiptId: own, attributes: { mode: 0o100400, size: (await this.#desk.readReceipt(own)).length } };
    const receipt = await this.#desk.findReceipt(name);
    if (!receipt) throw noSuchFile();
    return { receiptId: receipt.receiptId, attributes: { size: receipt.size, mode: 0o100400, modifiedAt: seconds(receipt.happenedAt) } };
  }

  async #openReady(file: ReadyFile): Promise<OpenFile> {
    const bytes = await this.#desk.openReady(file);
    const coverage = this.#handedOut.of(file.name);
    return {
      attributes: { ...attributesOf(file), size: bytes.size },
      read: async (at, length) => {
        const data = await bytes.read(at, length);
        coverage.add(at, at + data.length);
        return data;
      },
      close: async (byClient) => {
        await bytes.close();
        // Whoever closes a file after its last byte has it; whoever was cut off may not.
        if (!byClient || !coverage.isWhole(bytes.size)) return;
        await this.#desk.markRetrieved(file);
        this.#handedOut.forget(file.name);
      },
    };
  }
}

const attributesOf = ({ size, readyAt }: ReadyFile): Attributes => ({ size, mode: 0o100600, modifiedAt: seconds(readyAt) });

async function* pages<T>(get: (after: string | null) => Promise<{ items: readonly T[]; next: string | null }>, entryOf: (item: T) => Entry): AsyncGenerator<readonly Entry[]> {
  let after: string | null = null;
  do {
    const page: { items: readonly T[]; next: string | null } = await get(after);
    if (page.items.length > 0) yield page.items.map(entryOf);
    after = page.next;
  } while (after !== null);
}

function* slices(entries: readonly Entry[]): Generator<readonly Entry[]> {
  for (let at = 0; at < entries.length; at += LIMITS.listedAtOnce) yield entries.slice(at, at + LIMITS.listedAtOnce);
}
