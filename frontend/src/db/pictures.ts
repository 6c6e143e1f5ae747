/**
 * Pictures, in a cache with a budget of its own: they can never push out the shell, a token or an order.
 *
 * The cache holds the files under `/media/<sha256>`, the database knows their sizes and when each was last wanted.
 */
import { sha256Hex } from '../shared/bytes';
import { database } from './schema';

const CACHE = 'edgeshop-pictures';
const BUDGET_MAX_BYTES = 96 * 1024 * 1024;
const SHARE_OF_QUOTA = 0.25;
const TYPES = /^image\/(svg\+xml|webp|png|jpeg|avif)/;

export function pictureUrl(sha256: string): string {
  return `/media/${sha256}`;
}

/** How much room pictures may take in a browser that grants `quotaBytes`. */
export function pictureBudget(quotaBytes: number): number {
  return Math.min(BUDGET_MAX_BYTES, Math.floor(quotaBytes * SHARE_OF_QUOTA));
}

export async function knownPictures(): Promise<Set<string>> {
  return new Set(await (await database()).getAllKeys('pictures'));
}

/** The cached picture, if there is one. */
export async function cachedPicture(sha256: string): Promise<Response | undefined> {
  return (await caches.open(CACHE)).match(pictureUrl(sha256), { ignoreVary: true });
}

/** Keep a fetched picture when it is what its name says; answers its size, 0 when it is not. */
export async function keepPicture(sha256: string, response: Response, now: number): Promise<number> {
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !TYPES.test(type)) return 0;
  const bytes = await response.arrayBuffer();
  if ((await sha256Hex(bytes)) !== sha256) return 0;
  await (await caches.open(CACHE)).put(pictureUrl(sha256), new Response(bytes, { headers: { 'content-type': type } }));
  await (await database()).put('pictures', { sha256, sizeBytes: bytes.byteLength, usedAt: now });
  return bytes.byteLength;
}

/** Bring pictures back under `budgetBytes`, those not wanted for longest first. Answers the bytes that stay. */
export async function trimPictures(budgetBytes: number): Promise<number> {
  const db = await database();
  const rows = await db.getAllFromIndex('pictures', 'usedAt');
  let total = rows.reduce((sum, row) => sum + row.sizeBytes, 0);
  const cache = await caches.open(CACHE);
  for (const row of rows) {
    if (total <= budgetBytes) break;
    await cache.delete(pictureUrl(row.sha256));
    await db.delete('pictures', row.sha256);
    total -= row.sizeBytes;
  }
  return total;
}

/** Forget rows whose file the browser evicted, so that hydration fetches them again. */
export async function reconcilePictures(): Promise<void> {
  const cache = await caches.open(CACHE);
  const files = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  const db = await database();
  for (const sha256 of await db.getAllKeys('pictures')) {
    if (!files.has(pictureUrl(sha256))) await db.delete('pictures', sha256);
  }
}
