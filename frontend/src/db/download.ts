/**
 * Fetching one named, hashed file so that an interruption costs only what had not arrived: in the page and in the
 * worker, over reloads, restarts of the browser and changes of the link.
 *
 * A file's address names its bytes, so a rest always fits its beginning and no If-Range is needed. The browser's own
 * cache is passed by: what is whole is kept by us, and what was spoilt must not come from there again.
 */
import { ApiError } from '../api/errors';
import type { SeedItem } from '../api/types';
import { sha256Hex } from '../shared/bytes';
import { addPart, dropParts, PART_BYTES, readParts, type Owner } from './partials';

export type Wanted = Pick<SeedItem, 'url' | 'sha256' | 'size_bytes'>;
export const SPOILT = 'file.bad_hash';

const STALL_MS = 10_000; // a link that brings nothing for so long is cut, and the beginning kept
const TRIES = 2; // a beginning that turns out wrong is thrown away, and the whole fetched once more

/**
 * The content of a file, checked against its hash; goes on where an earlier try stopped.
 *
 * `onBytes` hears how many bytes are here. Raises: ApiError, `file.bad_hash` when it came wrong twice, else with the
 * beginning kept. Effect: the caller lets go of the beginning (`dropParts`) once the content is stored elsewhere.
 */
export async function download(
  owner: Owner,
  item: Wanted,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<ArrayBuffer> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const file = await Arrival.begun(owner, item);
    const isWhole = file.here === item.size_bytes || (await fetchRest(item, file, onBytes));
    if (isWhole && (await sha256Hex(file.bytes)) === item.sha256) {
      onBytes(file.here);
      return file.bytes.buffer;
    }
    await dropParts(owner, item.sha256);
  }
  throw new ApiError('malformed', SPOILT);
}

/** A file that is coming: what is here of it, and how much of that is safe on the disk. */
class Arrival {
  readonly bytes: Uint8Array<ArrayBuffer>;
  here = 0;
  private kept = 0;
  private hasRoom = true;

  private constructor(
    private readonly owner: Owner,
    private readonly item: Wanted,
  ) {
    this.bytes = new Uint8Array(item.size_bytes);
  }

  static async begun(owner: Owner, item: Wanted): Promise<Arrival> {
    const file = new Arrival(owner, item);
    for (const part of await readParts(owner, item.sha256)) {
      if (!file.put(part)) break;
      file.kept = file.here;
    }
    return file;
  }

  /** Begin again: the kiosk gives the whole, not the rest. */
  async restart(): Promise<void> {
    await dropParts(this.owner, this.item.sha256);
    this.here = this.kept = 0;
  }

  /** Take what has come; false when that is more than the file has. */
  async take(chunk: Uint8Array): Promise<boolean> {
    if (!this.put(chunk)) return false;
    if (this.here - this.kept >= PART_BYTES) await this.keep();
    return true;
  }

  /** Write what is not on the disk yet. A full disk costs a beginning, never the download. */
  async keep(): Promise<void> {
    if (!this.hasRoom || this.here === this.kept) return;
    try {
      const part = this.bytes.slice(this.kept, this.here).buffer;
      await addPart(this.owner, this.item.sha256, this.kept, part);
      this.kept = this.here;
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error;
      this.hasRoom = false;
    }
  }

  private put(chunk: Uint8Array): boolean {
    if (this.here + chunk.length > this.bytes.length) return false;
    this.bytes.set(chunk, this.here);
    this.here += chunk.length;
    return true;
  }
}

/** Whether the file is complete now; false when what came cannot be this file. Raises: ApiError when the link broke. */
async function fetchRest(item: Wanted, file: Arrival, onBytes: (bytes: number) => void): Promise<boolean> {
  const stall = new AbortController();
  try {
    const response = await request(item, file.here, stall);
    if (response === null) return false;
    if (response.status === 200 && file.here > 0) await file.restart();
    for await (const chunk of chunks(response, stall)) {
      if (!(await file.take(chunk))) return false;
      onBytes(file.here);
    }
    if (file.here === item.size_bytes) return true;
    throw new ApiError('unreachable', 'file.cut_short');
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError('unreachable', 'file.cut_short');
  } finally {
    stall.abort();
    await file.keep();
  }
}

/** The answer with the rest or the whole; null when the kiosk's file does not fit our beginning. */
async function request(item: Wanted, have: number, stall: AbortController): Promise<Response | null> {
  const headers: HeadersInit = have > 0 ? { range: `bytes=${have}-` } : {};
  const response = await inTime(stall, () =>
    fetch(item.url, { headers, signal: stall.signal, cache: 'no-store', credentials: 'omit', redirect: 'error' }),
  );
  const { status } = response;
  const said = response.headers;
  if (status === 206 && said.get('content-range') === `bytes ${have}-${item.size_bytes - 1}/${item.size_bytes}`)
    return response;
  if (have > 0 && (status === 206 || status === 416)) return null;
  if (status !== 200) throw new ApiError(status >= 500 ? 'broken' : 'malformed', `http.${status}`, status);
  // A hotspot's login page says 200 too. Nothing that we fetch this way is a page.
  if (said.get('content-type')?.startsWith('text/html')) throw new ApiError('malformed', 'file.not_ours');
  return response;
}

async function* chunks(response: Response, stall: AbortController): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await inTime(stall, () => reader.read());
    if (done) return;
    yield value;
  }
}

async function inTime<Answer>(stall: AbortController, work: () => Promise<Answer>): Promise<Answer> {
  const timer = setTimeout(() => {
    stall.abort();
  }, STALL_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
