/**
 * The shell, all or nothing: every file of a build is fetched and checked against its hash before the build counts as
 * installed. The build before stays until the one after it, so that a page which still runs on it finds its files.
 */
import { sha256Hex } from '../shared/bytes';
import { BUILD, PRECACHE, type Precached } from './build';

const PREFIX = 'edgeshop-shell-';
const CURRENT = `${PREFIX}${BUILD}`;
const AT_ONCE = 6;
const KEEP_OLD = 1;
const ANY = { ignoreVary: true }; // the address and its hash say it all, whatever a server varies on

export type Progress = (doneBytes: number, totalBytes: number) => void;

/** Raises: Error when a file is missing or not itself; nothing of the build is kept then. */
export async function installShell(onProgress: Progress): Promise<void> {
  const cache = await caches.open(CURRENT);
  const total = sizeOf(PRECACHE);
  let done = 0;
  const queue = PRECACHE.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      await cache.put(file[0], await obtain(file));
      done += file[2];
      onProgress(done, total);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    await caches.delete(CURRENT);
    throw error;
  }
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

/** From the build before when it had the same file, else from the kiosk. */
async function obtain([url, sha256]: Precached): Promise<Response> {
  const old = await fromOlderShell(url);
  if (old && (await isWhole(old, sha256))) return old;
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
