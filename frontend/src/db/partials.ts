/**
 * The beginnings of downloads, in parts: each byte that has come is written once, and a browser that is killed loses
 * less than one part. A part lies under its owner, the SHA-256 of its file and its offset there.
 */
import { database } from './schema';

export const PART_BYTES = 64 * 1024;

/** Whose downloads: the page fetches seeds, the worker the shell. Neither tidies away the other's. */
export type Owner = 'seeds' | 'shell';

const AFTER_SLASH = '0'; // the character that follows '/'
const OFFSET_DIGITS = 12; // so that keys sort as numbers do

const prefix = (owner: Owner, sha256: string): string => `${owner}/${sha256}/`;
const keyOf = (owner: Owner, sha256: string, offset: number): string =>
  prefix(owner, sha256) + String(offset).padStart(OFFSET_DIGITS, '0');

function rangeOf(owner: Owner, sha256: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix(owner, sha256), `${owner}/${sha256}${AFTER_SLASH}`, false, true);
}

/** The parts of a file from its first byte on, in order and without a gap. */
export async function readParts(owner: Owner, sha256: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const rows = await (await database()).getAll('partials', rangeOf(owner, sha256));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const row of rows) {
    if (row.sha256 !== keyOf(owner, sha256, offset)) break;
    parts.push(new Uint8Array(row.bytes));
    offset += row.bytes.byteLength;
  }
  return parts;
}

export async function addPart(owner: Owner, sha256: string, offset: number, bytes: ArrayBuffer): Promise<void> {
  await (await database()).put('partials', { sha256: keyOf(owner, sha256, offset), bytes });
}

export async function dropParts(owner: Owner, sha256: string): Promise<void> {
  await (await database()).delete('partials', rangeOf(owner, sha256));
}

/** Forget what the owner does not want any more, and beginnings that earlier builds kept. */
export async function keepParts(owner: Owner, wanted: ReadonlySet<string>): Promise<void> {
  const tx = (await database()).transaction('partials', 'readwrite');
  const isOver = (key: string): boolean => {
    const [whose, sha256 = ''] = key.split('/');
    return whose === owner ? !wanted.has(sha256) : !/^(seeds|shell)$/.test(whose ?? '');
  };
  const keys = await tx.store.getAllKeys();
  await Promise.all([...keys.filter(isOver).map((key) => tx.store.delete(key)), tx.done]);
}
