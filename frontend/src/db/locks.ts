/** Names of the Web Locks: one writer per matter, over all tabs and the worker of this browser profile. */

/** Held for every write to tokens, outbox and slips. */
export const OUTBOX_LOCK = 'edgeshop-outbox';
/** Held by the one who hands orders over. */
export const DRAIN_LOCK = 'edgeshop-drain';
/** Held from Pay to the slip: an order found trying while this lock is free has lost its page. */
export const PAY_LOCK = 'edgeshop-pay';
/** Held by the one who asks for seats and tokens. */
export const SEAT_LOCK = 'edgeshop-seat';
/** Shared by every page with something in its basket; a new build waits for all of them. */
export const BASKET_LOCK = 'edgeshop-basket';
/** Held by the one who downloads. */
export const HYDRATION_LOCK = 'edgeshop-hydration';

/** Run `work` alone. */
export function alone<Answer>(name: string, work: () => Promise<Answer>): Promise<Answer> {
  return navigator.locks.request(name, work) as Promise<Answer>;
}

/** Run `work` alone, or answer null at once when somebody else is at it. */
export function ifFree<Answer>(name: string, work: () => Promise<Answer>): Promise<Answer | null> {
  return navigator.locks.request(name, { ifAvailable: true }, (lock) =>
    lock ? work() : Promise.resolve(null),
  ) as Promise<Answer | null>;
}
