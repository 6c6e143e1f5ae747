/** How much this browser lets us keep, and what gives way first when it is full: pictures, always. */
import { trimPictures } from '../db/pictures';

const ASSUMED_BYTES = 256 * 1024 * 1024; // browsers that do not tell grant at least this much
const STEP_BYTES = 16 * 1024 * 1024; // round, so that many browsers share one set of seeds on the kiosk
const USABLE_SHARE = 0.8;

/** What we may fill, ours included. Units: bytes. */
export async function readQuota(): Promise<{ quotaBytes: number; freeBytes: number }> {
  const { quota } = await navigator.storage.estimate().catch(() => ({ quota: undefined }));
  const quotaBytes = quota ?? ASSUMED_BYTES;
  const usable = Math.floor((quotaBytes * USABLE_SHARE) / STEP_BYTES) * STEP_BYTES;
  return { quotaBytes, freeBytes: Math.max(usable, STEP_BYTES) };
}

/** Ask the browser not to evict us; it may say no. */
export async function askToPersist(): Promise<boolean> {
  return navigator.storage.persist().catch(() => false);
}

/** Store something; when the browser is full, without pictures. Raises: DOMException when even that is not enough. */
export async function withRoom(store: () => Promise<void>): Promise<void> {
  try {
    await store();
  } catch (error) {
    if (!isFull(error)) throw error;
    await trimPictures(0);
    await store();
  }
}

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
