/** Fetching pictures in the order the shop sells them, a few at a time, within their budget. */
import { ApiError } from '../api/errors';
import {
  cachedPicture,
  keepPicture,
  knownPictures,
  pictureBudget,
  pictureUrl,
  reconcilePictures,
  trimPictures,
} from '../db/pictures';
import { isFull, readQuota } from './storage';

const AT_ONCE = 4;
const DEADLINE_MS = 15_000;
const IDLE_MAX_MS = 1000;

type Listed = readonly [sha256: string, sizeBytes: number];
type Progress = (doneBytes: number, totalBytes: number) => void;

/** Raises: ApiError when the kiosk goes away in between; what has come stays. */
export async function fetchPictures(listed: readonly Listed[], onProgress: Progress): Promise<void> {
  await reconcilePictures();
  const budget = pictureBudget((await readQuota()).quotaBytes);
  const wanted = withinBudget(listed, budget);
  const here = await knownPictures();
  const total = sizeOf(wanted);
  let done = sizeOf(wanted.filter(([sha256]) => here.has(sha256)));
  const missing = wanted.filter(([sha256]) => !here.has(sha256)).values();
  onProgress(done, total);
  const work = async (): Promise<void> => {
    for (const [sha256, sizeBytes] of missing) {
      await idle();
      await fetchOne(sha256);
      done += sizeBytes;
      onProgress(done, total);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    if (!isFull(error)) throw error;
    await trimPictures(budget / 2); // the browser is fuller than it said: leave room for what matters more
  }
  await trimPictures(budget);
}

function withinBudget(listed: readonly Listed[], budget: number): Listed[] {
  let total = 0;
  return listed.filter(([, sizeBytes]) => {
    total += sizeBytes;
    return total <= budget;
  });
}

function sizeOf(listed: readonly Listed[]): number {
  return listed.reduce((sum, [, sizeBytes]) => sum + sizeBytes, 0);
}

/** The next moment in which the page has nothing better to do: a tap goes before a picture. */
function idle(): Promise<unknown> {
  if (!('requestIdleCallback' in globalThis)) return Promise.resolve(); // Safari has none
  return new Promise((done) => requestIdleCallback(done, { timeout: IDLE_MAX_MS }));
}

async function fetchOne(sha256: string): Promise<void> {
  if (await cachedPicture(sha256)) return; // a page has shown it meanwhile
  let response: Response;
  try {
    response = await fetch(pictureUrl(sha256), { signal: AbortSignal.timeout(DEADLINE_MS), credentials: 'omit' });
  } catch {
    throw new ApiError('unreachable', 'seeds.picture');
  }
  // A picture that is missing or not itself is not worth the others: the view has its colour to show.
  await keepPicture(sha256, response, Date.now());
}
