/**
 * One shopper at a time: after a minute without a touch the screen asks, and after twenty seconds more it forgets.
 *
 * Never while somebody pays. What is forgotten is the shopper's: basket, inputs, language. Tokens, orders and the
 * shelf belong to the shop and stay.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import * as basket from './basket';
import { paying } from './checkout';
import { resetLanguage } from './language';

const IDLE_MS = 60_000;
const WARNING_MS = 20_000; // WCAG 2.2.1: at least 20 seconds to say "I am still here" with one touch
const TICK_MS = 500;
const SIGNS_OF_LIFE = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll'] as const;

const warning = signal<number | null>(null);

/** Seconds left before the screen forgets this shopper; null while nobody is being asked. */
export const idleWarning: ReadonlySignal<number | null> = warning;

const listeners = new Set<() => void>();
let lastSignAt: number | null = null; // null: nobody has touched the screen since it last forgot

/** Stay: the shopper is still here. */
export function extend(): void {
  lastSignAt = Date.now();
  warning.value = null;
}

/** Forget this shopper now. Does nothing while an order is being taken. */
export function startOver(): void {
  if (paying.peek()) return;
  lastSignAt = null;
  warning.value = null;
  basket.wipe();
  resetLanguage();
  for (const listener of listeners) listener();
}

/** Call `f` after each reset, to clear inputs and return to the first screen. */
export const onReset = (f: () => void): void => {
  listeners.add(f);
};

/** True when nobody is at the screen. */
export function isNobodyHere(): boolean {
  return lastSignAt === null && basket.count.peek() === 0;
}

export function startSession(): void {
  for (const kind of SIGNS_OF_LIFE) addEventListener(kind, noticeShopper, { passive: true, capture: true });
  if (basket.count.peek() > 0) lastSignAt = Date.now();
  setInterval(tick, TICK_MS);
}

function noticeShopper(event: Event): void {
  if (warning.peek() !== null) return; // the question is on screen: only its own answer counts, see extend()
  // Pages scroll and pointers drift by themselves; only a touch or a key begins a visit.
  const begins = event.type === 'pointerdown' || event.type === 'keydown';
  if (lastSignAt !== null || begins) lastSignAt = Date.now();
}

function tick(): void {
  if (lastSignAt === null) return;
  if (paying.peek()) lastSignAt = Date.now();
  const idleMs = Date.now() - lastSignAt;
  if (idleMs >= IDLE_MS + WARNING_MS) startOver();
  else if (idleMs >= IDLE_MS) warning.value = Math.ceil((IDLE_MS + WARNING_MS - idleMs) / 1000);
  else warning.value = null;
}
