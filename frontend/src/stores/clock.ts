/** The kiosk's time, as this browser last heard it: its own wall clock may be wrong by hours. */
import { getMeta, setMeta } from '../db/meta';

const JITTER_S = 2; // below that a difference is the network's, not the clock's

let offsetS = 0;

/** Seconds since 1970 by the kiosk's clock. */
export function nowS(): number {
  return Math.floor(Date.now() / 1000 + offsetS);
}

export async function restoreClock(): Promise<void> {
  offsetS = (await getMeta('clockOffsetS')) ?? 0;
}

/** Take over the kiosk's time from an answer. */
export async function setClock(kioskNowS: number): Promise<void> {
  const heard = kioskNowS - Date.now() / 1000;
  if (Math.abs(heard - offsetS) <= JITTER_S) return;
  offsetS = heard;
  await setMeta('clockOffsetS', heard);
}
