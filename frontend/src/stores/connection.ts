/**
 * Whether the kiosk answers, and whether the kiosk reaches its cloud: by timed heartbeats, never by what the browser
 * believes about its network card.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import type { Health } from '../api/types';
import { getMeta, setMeta } from '../db/meta';
import { setClock } from './clock';
import { quietly } from './quietly';
import type { Connection } from './types';

export type { Connection };

const EVERY_MS = 5000;
const EVERY_ALONE_MS = 2000; // orders wait: the kiosk's return is worth noticing soon
const DEADLINE_MS = 2000;
const SAVE_EVERY_MS = 60_000; // the age of prices is shown in minutes

const health = signal<Health | null>(null);
const freshAt = signal<number | null>(null);

export const connection: ReadonlySignal<Connection> = computed(() => {
  if (!health.value) return 'screen_alone';
  return health.value.cloud.state === 'connected' ? 'connected' : 'shop_alone';
});

/** When the prices on this screen were last known to be current, in milliseconds since 1970. */
export const pricesAt: ReadonlySignal<number | null> = freshAt;

/** What the kiosk last said, null while it does not answer. */
export const kiosk: ReadonlySignal<Health | null> = health;

/** What heartbeats need to know of this screen. */
export interface Here {
  /** The price book on show. */
  book(): number | null;
  /** Orders that wait here. */
  unsent(): number;
}

type Listener = (now: Health) => void;
const listeners = new Set<Listener>();
let beating: Promise<boolean> | null = null;
let here: Here = { book: () => null, unsent: () => 0 };
let screen = '';
let savedAt = 0;

/** Call `listener` after every heartbeat that the kiosk answered. */
export function onContact(listener: Listener): void {
  listeners.add(listener);
}

/** Ask now; answers whether the kiosk is there. Calls at the same time share one question. */
export function probe(): Promise<boolean> {
  beating ??= beat().finally(() => {
    beating = null;
  });
  return beating;
}

/** Begin to ask every few seconds. */
export async function startHeartbeat(of: Here): Promise<void> {
  here = of;
  screen = await screenName();
  freshAt.value = (await getMeta('pricesAt')) ?? null;
  const again = (): void => {
    quietly(probe());
  };
  addEventListener('online', again);
  document.addEventListener('visibilitychange', again);
  const beatOn = (): void => {
    again();
    setTimeout(beatOn, health.peek() ? EVERY_MS : EVERY_ALONE_MS);
  };
  beatOn();
}

async function beat(): Promise<boolean> {
  const answer = await ask();
  health.value = answer;
  if (!answer) return false;
  await setClock(answer.now);
  await noteAge(answer);
  for (const listener of listeners) listener(answer);
  return true;
}

/** One lost answer is no outage: ask twice before saying so. */
async function ask(): Promise<Health | null> {
  for (let left = health.peek() ? 2 : 1; left > 0; left -= 1) {
    try {
      return await api.health(screen, here.unsent(), { deadlineMs: DEADLINE_MS });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return null;
}

async function screenName(): Promise<string> {
  const known = await getMeta('screen');
  if (known) return known;
  const fresh = crypto.randomUUID();
  await setMeta('screen', fresh);
  return fresh;
}

async function noteAge(answer: Health): Promise<void> {
  if (answer.book !== here.book()) return;
  const ageS = answer.cloud.state === 'connected' ? 0 : (answer.cloud.last_contact_age_s ?? 0);
  freshAt.value = Date.now() - ageS * 1000;
  if (Date.now() - savedAt < SAVE_EVERY_MS) return;
  savedAt = Date.now();
  await setMeta('pricesAt', freshAt.value);
}
