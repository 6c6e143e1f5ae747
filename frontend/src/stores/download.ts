/** Fetching one named, hashed piece of content so that an interruption costs only what had not arrived. */
import { ApiError } from '../api/errors';
import type { SeedItem } from '../api/types';
import { dropPartial, readPartial, writePartial } from '../db/shelf';
import { sha256Hex } from '../shared/bytes';

const STALL_MS = 10_000; // a link that brings nothing for so long is cut, and the beginning kept
const SAVE_EVERY_BYTES = 256 * 1024;

/**
 * The content of an item, checked against its hash; goes on where an earlier try stopped.
 *
 * `onBytes` hears how many bytes are here. Raises: ApiError, with the beginning kept unless the hash was wrong.
 */
export async function download(item: SeedItem, onBytes: (bytes: number) => void): Promise<ArrayBuffer> {
  const begun = await readPartial(item.sha256);
  const whole = begun.length === item.size_bytes ? begun : await fetchRest(item, begun, onBytes);
  if (whole.length !== item.size_bytes || (await sha256Hex(whole)) !== item.sha256) {
    await dropPartial(item.sha256);
    throw new ApiError('malformed', 'seeds.bad_hash');
  }
  onBytes(whole.length);
  return whole.buffer;
}

async function fetchRest(
  item: SeedItem,
  begun: Uint8Array<ArrayBuffer>,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const stall = new AbortController();
  const bytes = new Uint8Array(item.size_bytes);
  let [here, saved] = [0, 0];
  try {
    const { response, from } = await request(item, begun.length, stall);
    bytes.set(begun.subarray(0, from));
    here = saved = from;
    for await (const chunk of chunks(response, stall)) {
      if (here + chunk.length > bytes.length) throw new ApiError('malformed', 'seeds.too_long');
      bytes.set(chunk, here);
      here += chunk.length;
      onBytes(here);
      if (here - saved < SAVE_EVERY_BYTES) continue;
      await writePartial(item.sha256, bytes.slice(0, here).buffer);
      saved = here;
    }
    if (here === bytes.length) return bytes;
    throw new ApiError('unreachable', 'seeds.cut_short');
  } catch (error) {
    if (here > saved) await writePartial(item.sha256, bytes.slice(0, here).buffer);
    throw error instanceof ApiError || isStorage(error) ? error : new ApiError('unreachable', 'seeds.cut_short');
  }
}

async function request(
  item: SeedItem,
  have: number,
  stall: AbortController,
): Promise<{ response: Response; from: number }> {
  const headers: HeadersInit = have > 0 ? { range: `bytes=${have}-` } : {};
  const timer = setTimeout(() => {
    stall.abort();
  }, STALL_MS);
  const response = await fetch(item.url, { headers, signal: stall.signal, credentials: 'omit' });
  clearTimeout(timer);
  if (response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`)) {
    return { response, from: have };
  }
  if (response.status === 200) return { response, from: 0 };
  throw new ApiError(response.status >= 500 ? 'broken' : 'malformed', `http.${response.status}`, response.status);
}

async function* chunks(response: Response, stall: AbortController): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const timer = setTimeout(() => {
      stall.abort();
    }, STALL_MS);
    const { done, value } = await reader.read().finally(() => {
      clearTimeout(timer);
    });
    if (done) return;
    yield value;
  }
}

function isStorage(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
