import { expect, test, vi } from 'vitest';
import { browser } from '../../tests/setup';
import { EMPTY, type HeldToken } from '../shared/outbox-core';
import { onOutboxChange, OutboxRefusal, readOutbox, takeEvent } from './outbox';
import { closeDatabase, database } from './schema';

const token = (n: number): HeldToken => ({
  ...{ number: `1-1-1-${n}`, token: `token-${n}`, jkt: 'seat-key', maxMinor: 5000, book: 1, expiresAt: 5000 },
});
const pay = (n: number, order = `order-${n}`) =>
  takeEvent({
    kind: 'pay',
    number: `1-1-1-${n}`,
    order,
    sha256: null,
    totalMinor: 100,
    book: 1,
    withKiosk: false,
    at: n,
    details: null,
  });

async function opened(): Promise<void> {
  await closeDatabase();
  await takeEvent({ kind: 'tokens', tokens: [token(1), token(2), token(3)], released: [] });
}

test('an order is written strictly, and only then does the call return', async () => {
  await opened();
  const begin = vi.spyOn(await database(), 'transaction');

  await pay(1);

  expect(begin.mock.calls.at(-1)).toEqual([
    ['tokens', 'outbox', 'slips', 'ended'],
    'readwrite',
    { durability: 'strict' },
  ]);
  const state = await readOutbox();
  expect(state.tokens.map((held) => held.number)).toEqual(['1-1-1-2', '1-1-1-3']);
  expect(state.outbox.map((row) => [row.number, row.order])).toEqual([['1-1-1-1', 'order-1']]);
});

test('a refused event writes nothing', async () => {
  await opened();
  await pay(1);
  const before = await readOutbox();

  await expect(pay(1, 'other')).rejects.toThrow(OutboxRefusal);

  expect(await readOutbox()).toEqual(before);
});

test('a write that fails half way leaves the old state', async () => {
  await opened();
  const before = await readOutbox();
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  });

  await expect(pay(1)).rejects.toThrow('The disk is full.');

  put.mockRestore();
  expect(await readOutbox()).toEqual(before);
});

test('two tabs that reach for one token: one order', async () => {
  await opened();

  const outcomes = await Promise.allSettled([pay(1, 'from one tab'), pay(1, 'from the other')]);

  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  const { outbox } = await readOutbox();
  expect(outbox.map((row) => row.number)).toEqual(['1-1-1-1']);
});

test('writes of all tabs queue under one lock', async () => {
  await opened();
  const order: string[] = [];
  const held = browser.locks.request('edgeshop-outbox', async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    order.push('first');
  });

  const write = pay(1).then(() => order.push('second'));
  await Promise.all([held, write]);

  expect(order).toEqual(['first', 'second']);
});

test('orders come back in the order they were placed', async () => {
  await opened();
  await takeEvent({ kind: 'tokens', tokens: [token(10)], released: [] });
  await pay(3);
  await pay(10);

  expect((await readOutbox()).outbox.map((row) => row.number)).toEqual(['1-1-1-3', '1-1-1-10']);
});

test('other tabs hear of a change until they stop listening', async () => {
  await opened();
  let heard = 0;
  const stop = onOutboxChange(() => (heard += 1));

  await pay(1);
  await vi.waitFor(() => {
    expect(heard).toBe(1);
  });

  stop();
});

test('wiped storage is an empty outbox, not an error', async () => {
  await opened();
  await closeDatabase();
  browser.wipe();

  expect(await readOutbox()).toEqual(EMPTY);
  await closeDatabase();
});
