/** Where the answer to a request comes from. What is not named here goes to the network untouched, above all /api. */
import { cachedPicture, keepPicture } from '../db/pictures';
import { fromShell } from './precache';

const NOT_THE_SHELL = /^\/(api|admin|enrol|media|static|ws)(\/|$)/; // pages of the server's own
const ASSET = /^\/assets\//;
const PICTURE = /^\/media\/([0-9a-f]{64})$/;

/** The answer, or null when the worker leaves the request alone. `now`: milliseconds since 1970. */
export function answer(request: Request, now: number): Promise<Response> | null {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return null;
  if (request.mode === 'navigate') return NOT_THE_SHELL.test(url.pathname) ? null : shell(request);
  if (ASSET.test(url.pathname)) return cached(request, url.pathname);
  // Hydration fetches pictures too, and keeps them itself; only those that a page shows are kept here.
  const picture = request.destination === 'image' ? PICTURE.exec(url.pathname)?.[1] : undefined;
  return picture === undefined ? null : pictureOf(request, picture, now);
}

/** Every address of the shop is the one page; the network is asked only if the browser evicted it. */
function shell(request: Request): Promise<Response> {
  return cached(request, '/');
}

async function cached(request: Request, path: string): Promise<Response> {
  return (await fromShell(path)) ?? fetch(request);
}

async function pictureOf(request: Request, sha256: string, now: number): Promise<Response> {
  const here = await cachedPicture(sha256);
  if (here) return here;
  const fresh = await fetch(request);
  // Keeping it is a favour: a full disk must not cost the shopper the picture.
  await keepPicture(sha256, fresh.clone(), now).catch(() => 0);
  return fresh;
}
