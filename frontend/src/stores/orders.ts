/** The orders of this browser after Pay: handing them over, learning where they stand, telling who asked. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { drain, learnStandings } from '../db/drain';
import { takeEvent } from '../db/outbox';
import { toAsk, unsent as unsentOf } from '../shared/outbox-core';
import { nowS } from './clock';
import { tellLater } from './notices';
import { outbox, refreshOutbox } from './outbox';
import { quietly } from './quietly';
import { slipOf } from './slips';
import type { Slip } from './types';
import { registration, workers } from './worker';

export { askToBeTold } from './notices';

const SLIPS_KEPT = 200;
const SLIPS_KEPT_S = 30 * 24 * 3600; // as long as a kiosk keeps the evidence
const SYNC_TAG = 'outbox';

/** What shoppers were told, newest first. */
export const slips: ReadonlySignal<readonly Slip[]> = computed(() => {
  const state = outbox.value;
  const told = state.slips.filter((row) => row.stage !== 'trying');
  return told.sort((a, b) => b.placedAt - a.placedAt).map((row) => slipOf(state, row));
});

/** Orders that the cloud has not acknowledged, and what they come to. */
export const unsent: ReadonlySignal<number> = computed(() => unsentOf(outbox.value).count);
export const unsentMinor: ReadonlySignal<number> = computed(() => unsentOf(outbox.value).totalMinor);

/** Hand over what waits and learn what became of the rest. Raises: ApiError while the kiosk is away. */
export async function flush(): Promise<void> {
  const outcome = await drain(nowS());
  if (outcome && outcome.left > 0) await askForSync();
  await learn();
  await refreshOutbox();
}

/** Ask where open orders stand, if there are any. */
export async function learn(): Promise<void> {
  if (toAsk(outbox.peek()).length === 0 && outbox.peek().outbox.length === 0) return;
  await learnStandings();
  await tellLater();
}

/** Forget old slips of finished orders. */
export async function tidySlips(): Promise<void> {
  const before = nowS() - SLIPS_KEPT_S;
  const { slips: rows } = outbox.peek();
  if (rows.length > SLIPS_KEPT || rows.some((row) => row.placedAt < before)) {
    await takeEvent({ kind: 'forget', before, keep: SLIPS_KEPT });
  }
}

/** Hand over on every occasion there is: now, when the page comes back, when the worker heard something. */
export function startOrders(): void {
  const again = (): void => {
    quietly(flush());
  };
  addEventListener('online', again);
  document.addEventListener('visibilitychange', again);
  workers()?.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.data === 'orders-changed') again();
  });
  again();
}

/** Where the browser can, let the worker hand over even after this page is closed. */
async function askForSync(): Promise<void> {
  const worker = await registration();
  if (!worker || !('sync' in worker)) return;
  const { sync } = worker as unknown as { sync: { register(tag: string): Promise<void> } };
  // Refused without the permission: the page's own occasions remain.
  await sync.register(SYNC_TAG).catch(() => undefined);
}
