/**
 * The shell, all or nothing: every file of a build is fetched and checked against its hash before the build counts as
 * installed. The build before stays until the one after it, so that a page which still runs on it finds its files.
 *
 * What has come waits in a cache of its own, so an installation that breaks off goes on where it stopped: at the file,
 * and within a large file at the byte.
 */
import { download } from '../db/download';
import { dropParts, keepParts, PART_BYTES } from '../db/partials';
import { sha256Hex } from '../shared/bytes';
import { BUILD, PRECACHE, type Precached } from './build';

const PREFIX = 'edgeshop-shell-';
const CURRENT = `${PREFIX}${BUILD}`;
const COMING = 'edgeshop-coming';
const AT_ONCE = 6;
const KEEP_OLD = 1;
const TYPES = new Map([
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['woff2', 'font/woff2'],
]);
const ANY = { ignoreVary: true }; // the address and its hash say it all, whatever a server varies on

export type Progress = (doneBytes: number, totalBytes: number) => void;

/** Raises: Error when a file is missing or not itself; the build does not count then, and the next try goes on. */
export async function installShell(onProgress: Progress): Promise<void> {
  await forgetOthers();
  const coming = await caches.open(COMING);
  const total = sizeOf(PRECACHE);
  let done = 0;
  const queue = PRECACHE.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      await coming.put(file[0], await obtain(file));
      await dropParts('shell', file[1]);
      done += file[2];
      onProgress(done, total);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason; // what else came stays for the next try
  await moveIn(coming);
}

/** Let go of what came for a build that is not wanted any more. */
async function forgetOthers(): Promise<void> {
  await keepParts('shell', new Set(PRECACHE.map(([, sha256]) => sha256)));
  const coming = await caches.open(COMING);
  const wanted = new Set(PRECACHE.map(([url]) => url));
  const others = (await coming.keys()).filter((request) => !wanted.has(new URL(request.url).pathname));
  await Promise.all(others.map((request) => coming.delete(request)));
}

/** All files are here: from now on this is the shell. */
async function moveIn(coming: Cache): Promise<void> {
  try {
    const cache = await caches.open(CURRENT);
    for (const [url] of PRECACHE) {
      const file = await coming.match(url, ANY);
      if (!file) throw new Error(`The browser let go of ${url}.`);
      await cache.put(url, file);
    }
  } catch (error) {
    await caches.delete(CURRENT);
    throw error;
  }
  await caches.delete(COMING);
}

/** Let go of builds older than the last one. */
export async function tidyShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CURRENT); // oldest first
  await Promise.all(old.slice(0, Math.max(0, old.length - KEEP_OLD)).map((name) => caches.delete(name)));
}

/** A file of the shell, of this build or the one before. */
export async function fromShell(path: string): Promise<Response | undefined> {
  return (await (await caches.open(CURRENT)).match(path, ANY)) ?? (await fromOlderShell(path));
}

/** How much of this build is here. */
export async function shellProgress(): Promise<{ doneBytes: number; totalBytes: number }> {
  const here = new Set((await (await caches.open(CURRENT)).keys()).map((request) => new URL(request.url).pathname));
  return { doneBytes: sizeOf(PRECACHE.filter(([url]) => here.has(url))), totalBytes: sizeOf(PRECACHE) };
}

/** From an earlier try or the build before when they had the same file, else from the kiosk. */
async function obtain(file: Precached): Promise<Response> {
  const [url, sha256] = file;
  for (const here of [await (await caches.open(COMING)).match(url, ANY), await fromOlderShell(url)]) {
    if (here && (await isWhole(here, sha256))) return here;
  }
  return (await inParts(file)) ?? whole(file);
}

/** A large file, which goes on where it stopped; null when it is not one whose type its name tells. */
async function inParts([url, sha256, sizeBytes]: Precached): Promise<Response | null> {
  const type = TYPES.get(url.slice(url.lastIndexOf('.') + 1));
  if (sizeBytes < PART_BYTES || type === undefined) return null;
  const bytes = await download('shell', { url, sha256, size_bytes: sizeBytes });
  return new Response(bytes, { headers: { 'content-type': type } });
}

async function whole([url, sha256]: Precached): Promise<Response> {
  const fresh = await fetch(url, { cache: 'reload', credentials: 'omit', redirect: 'error' });
  if (!fresh.ok || !(await isWhole(fresh, sha256))) throw new Error(`The shell's ${url} is not what was built.`);
  return fresh;
}

async function isWhole(response: Response, sha256: string): Promise<boolean> {
  return (await sha256Hex(await response.clone().arrayBuffer())) === sha256;
}

async function fromOlderShell(path: string): Promise<Response | undefined> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CURRENT) continue;
    const found = await (await caches.open(name)).match(path, ANY);
    if (found) return found;
  }
  return undefined;
}

function sizeOf(files: readonly Precached[]): number {
  return files.reduce((sum, [, , sizeBytes]) => sum + sizeBytes, 0);
}
