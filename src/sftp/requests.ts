import { LIMITS } from './limits.ts';
import { normalPath, placeOf } from './paths.ts';
import type { Place } from './paths.ts';
import type { OpenFile, Tree } from './tree.ts';
import { noSuchFile, notAllowed, Refusal, unsupported } from './trouble.ts';
import { attributesMessage, dataMessage, handleMessage, nameMessage, numbersMessage, OPEN, STATUS, statusMessage } from './wire.ts';
import type { Attributes, Entry, Request } from './wire.ts';

/** What a handle stands for: a file that is read, one that is written, or a listing. */
export interface Handle {
  attributes(): Attributes;
  read?(offset: bigint, length: number): Promise<Buffer | null>;
  write?(offset: bigint, data: readonly Buffer[], length: number): Promise<void>;
  setSize?(size: bigint): void;
  list?(): Promise<readonly Entry[] | null>;
  close(): Promise<void>;
  abandon(): Promise<void>;
}

export type Handles = Map<string, Handle>;

interface WithHandle {
  readonly id: number;
  readonly handle: string;
}
type Of<K extends Request['kind']> = Extract<Request, { kind: K }>;

let lastHandle = 0;

/** The answer to a request. @throws Refusal, AppError: the caller makes a status of them. */
export async function answer(request: Request, handles: Handles, tree: Tree, memory: Buffer): Promise<Buffer> {
  const done = (): Buffer => statusMessage(request.id, STATUS.ok);
  await tree.check();
  switch (request.kind) {
    case 'open': return opened(request.id, handles, () => openFile(request, tree));
    case 'opendir': return opened(request.id, handles, async () => listing(tree, folderAt(request.path)));
    case 'close': return closed(request, handles);
    case 'read': return read(request, handles, memory);
    case 'write': {
      const { write } = handleOf(handles, request.handle);
      if (!write) throw notAllowed();
      await write(request.offset, request.data, request.length);
      return done();
    }
    case 'fstat': return attributesMessage(request.id, handleOf(handles, request.handle).attributes());
    case 'stat': return attributesMessage(request.id, await tree.stat(placeAt(request.path)));
    case 'setstat': {
      await tree.setSize(placeAt(request.path), request.size);
      return done();
    }
    case 'fsetstat': return resized(request, handles);
    case 'readdir': return listed(request, handles);
    case 'realpath': return realPath(request);
    case 'remove': {
      await tree.remove(fileAt(request.path));
      return done();
    }
    case 'rename': {
      await tree.rename(fileAt(request.from), fileAt(request.to), request.replaces);
      return done();
    }
    // The tree is as it is.
    case 'mkdir': case 'rmdir': throw notAllowed();
    case 'readlink': case 'symlink': throw unsupported();
    case 'extended': return extended(request, handles, tree);
  }
}

function placeAt(path: string): Place {
  const place = placeOf(path);
  if (!place) throw noSuchFile();
  return place;
}

function fileAt(path: string): Extract<Place, { kind: 'file' }> {
  const place = placeAt(path);
  if (place.kind !== 'file') throw notAllowed();
  return place;
}

function folderAt(path: string): Extract<Place, { kind: 'folder' }> {
  const place = placeAt(path);
  if (place.kind !== 'folder') throw noSuchFile();
  return place;
}

function handleOf(handles: Handles, name: string): Handle {
  const handle = handles.get(name);
  if (!handle) throw new Refusal(STATUS.failure, 'No such handle');
  return handle;
}

async function opened(id: number, handles: Handles, open: () => Promise<Handle>): Promise<Buffer> {
  if (handles.size >= LIMITS.handles) throw new Refusal(STATUS.failure, 'Too many open files');
  const handle = await open();
  lastHandle = (lastHandle + 1) % Number.MAX_SAFE_INTEGER;
  const name = lastHandle.toString(36);
  handles.set(name, handle);
  return handleMessage(id, name);
}

async function openFile({ path, flags }: Of<'open'>, tree: Tree): Promise<Handle> {
  const place = placeAt(path);
  if (place.kind === 'folder') throw new Refusal(STATUS.failure, 'Is a folder');
  if ((flags & (OPEN.write | OPEN.append)) === 0) return reading(await tree.openToRead(place));
  if ((flags & OPEN.read) !== 0) throw notAllowed();
  const upload = await tree.openToWrite(place, { mayCreate: (flags & OPEN.create) !== 0, mustBeNew: (flags & OPEN.exclusive) !== 0 });
  const appends = (flags & OPEN.append) !== 0;
  return {
    attributes: () => ({ size: upload.size(), mode: 0o100200 }),
    write: (offset, data, length) => upload.write(appends ? BigInt(upload.size()) : offset, data, length),
    setSize: (size) => upload.announce(size),
    close: () => upload.close(),
    abandon: async () => upload.abandon(),
  };
}

function reading(file: OpenFile): Handle {
  return {
    attributes: () => file.attributes,
    read: async (offset, length) => {
      if (length === 0) return Buffer.alloc(0);
      const { size = 0 } = file.attributes;
      if (offset >= BigInt(size)) return null;
      const at = Number(offset);
      return file.read(at, Math.min(length, LIMITS.dataBytes, size - at));
    },
    close: () => file.close(true),
    abandon: () => file.close(false),
  };
}

function listing(tree: Tree, { folder }: Extract<Place, { kind: 'folder' }>): Handle {
  const pages = tree.list(folder);
  return {
    attributes: () => ({ mode: 0o040700 }),
    async list() {
      const { done, value } = await pages.next();
      return done === true ? null : value;
    },
    close: async () => { await pages.return(undefined); },
    abandon: async () => { await pages.return(undefined); },
  };
}

async function closed({ id, handle: name }: WithHandle, handles: Handles): Promise<Buffer> {
  const handle = handleOf(handles, name);
  handles.delete(name);
  await handle.close();
  return statusMessage(id, STATUS.ok);
}

async function read({ id, handle, offset, length }: Of<'read'>, handles: Handles, memory: Buffer): Promise<Buffer> {
  const { read: of } = handleOf(handles, handle);
  if (!of) throw notAllowed();
  const data = await of(offset, length);
  return data === null ? statusMessage(id, STATUS.eof, 'End of file') : dataMessage(id, data, memory);
}

async function listed({ id, handle }: WithHandle, handles: Handles): Promise<Buffer> {
  const { list } = handleOf(handles, handle);
  if (!list) throw new Refusal(STATUS.failure, 'Not a folder');
  const entries = await list();
  return entries === null ? statusMessage(id, STATUS.eof, 'End of file') : nameMessage(id, entries);
}

/** Times, owners and modes have no meaning here and are taken without effect, as many clients set them after each upload. */
function resized({ id, handle: name, size }: Of<'fsetstat'>, handles: Handles): Buffer {
  const handle = handleOf(handles, name);
  if (!handle.setSize) throw notAllowed();
  if (size !== null) handle.setSize(size);
  return statusMessage(id, STATUS.ok);
}

function realPath({ id, path }: { readonly id: number; readonly path: string }): Buffer {
  const normal = normalPath(path);
  if (normal === null) throw noSuchFile();
  return nameMessage(id, [{ name: normal }]);
}

async function extended({ id, name, rest }: Of<'extended'>, handles: Handles, tree: Tree): Promise<Buffer> {
  switch (name) {
    case 'posix-rename@openssh.com': {
      await tree.rename(fileAt(rest.text()), fileAt(rest.text()), true);
      return statusMessage(id, STATUS.ok);
    }
    // What was received is on disk when `close` is answered; before that nothing is promised.
    case 'fsync@openssh.com': {
      handleOf(handles, rest.handle());
      return statusMessage(id, STATUS.ok);
    }
    case 'limits@openssh.com': return numbersMessage(id, [LIMITS.messageBytes, LIMITS.dataBytes, LIMITS.dataBytes, LIMITS.handles]);
    case 'statvfs@openssh.com': {
      placeAt(rest.text());
      return numbersMessage(id, spaceOf(tree.bytesMax));
    }
    case 'fstatvfs@openssh.com': {
      handleOf(handles, rest.handle());
      return numbersMessage(id, spaceOf(tree.bytesMax));
    }
    default: throw unsupported();
  }
}

/** Room for one file of the greatest size: how much there really is concerns nobody. (Block size, its unit, blocks, free, available, files, free, available, id, flags, length of names.) */
function spaceOf(bytesMax: number): (number | bigint)[] {
  const blocks = Math.floor(bytesMax / 4096);
  return [4096, 4096, blocks, blocks, blocks, 1000, 1000, 1000, 0, 2, LIMITS.nameBytes];
}
