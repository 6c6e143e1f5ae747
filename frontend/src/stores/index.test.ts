import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemorySocket, openTab, type Tab } from '../../tests/browser';
import { Kiosk, smallShelf } from '../../tests/kiosk';
import { atRest } from '../../tests/setup';

let kiosk: Kiosk;
let tab: Tab;
const timers: NodeJS.Timeout[] = [];

beforeEach(() => {
  kiosk = new Kiosk().install();
  kiosk.offer('core', 'core', smallShelf());
  // Heartbeats and clocks of pages that are over must not run into the next test.
  const [later, always] = [globalThis.setTimeout, globalThis.setInterval];
  vi.spyOn(globalThis, 'setInterval').mockImplementation(((work: () => void, ms: number) => {
    const timer = always(work, ms);
    timers.push(timer);
    return timer;
  }) as typeof setInterval);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms: number, ...rest: []) => {
    const timer = later(work, ms, ...rest);
    if (ms >= 2000) timers.push(timer);
    return timer;
  }) as typeof setTimeout);
});

afterEach(async () => {
  await atRest();
  for (const timer of timers.splice(0)) clearTimeout(timer);
  vi.restoreAllMocks();
});

async function started(): Promise<Tab> {
  tab = await openTab();
  await (await import('./index')).start();
  return tab;
}

const hydrated = () =>
  vi.waitFor(() => {
    expect(tab.checkout.tokensLeft.value).toBe(3);
  }, 5000);

test('an empty browser connects, fills itself and listens, and tests can look in', async () => {
  await started();
  await hydrated();

  expect(window.edgeshop.connection()).toBe('connected');
  expect(window.edgeshop.tokensLeft()).toBe(3);
  expect(window.edgeshop.stages().find((stage) => stage.name === 'core')?.state).toBe('done');
  expect(window.edgeshop.lines()).toEqual([]);
  expect(MemorySocket.all.map((socket) => socket.url.href)).toEqual(['ws://127.0.0.1:8000/ws/shop/']);
});

test('without a kiosk everything from before is there', async () => {
  await started();
  await hydrated();
  await atRest();
  kiosk.fault('/', 'down');

  const next = await started();

  expect(next.shelf.shelfState.value).toBe('ready');
  expect(next.checkout.tokensLeft.value).toBe(3);
  next.basket.add(1);
  expect(await next.checkout.pay('cash')).toMatchObject({ kind: 'provisional' });
  expect(window.edgeshop.unsent()).toBe(1);
});

test('orders from before are handed over when the kiosk answers again', async () => {
  await started();
  await hydrated();
  await atRest();
  kiosk.fault('/', 'down');
  tab.basket.add(1);
  await tab.checkout.pay('cash');
  await atRest();

  kiosk.heal();
  await tab.connection.probe();

  await vi.waitFor(() => {
    expect(kiosk.orders.size).toBe(1);
  });
});

test('news of a price brings the new book, at once', async () => {
  await started();
  await hydrated();
  kiosk.book = 2;
  kiosk.offer('core', 'core', smallShelf(2, 500));

  MemorySocket.all[0]?.say({ kind: 'prices.changed', book: 2 });

  await vi.waitFor(() => {
    expect(tab.shelf.book.value).toBe(2);
  });
  expect(tab.shelf.products.value.get(1)?.priceMinor).toBe(500);
});

test('news of an order, and nonsense, are told apart', async () => {
  await started();
  await hydrated();
  tab.basket.add(1);
  await tab.checkout.pay('card');
  await atRest();
  const order = kiosk.orders.get('1-1-1-1');
  if (order) order.answer.delivery = 'settled';

  MemorySocket.all[0]?.dispatchEvent(new MessageEvent('message', { data: 'nonsense' }));
  MemorySocket.all[0]?.say({ kind: 'order.settled', number: '1-1-1-1' });

  await vi.waitFor(() => {
    expect(tab.orders.slips.value[0]?.state).toBe('settled');
  });
  expect(tab.orders.unsent.value).toBe(0);
});

test('a socket that breaks is a reason to look at once', async () => {
  await started();
  await hydrated();
  await atRest();
  kiosk.fault('/', 'down');

  MemorySocket.all[0]?.dispatchEvent(new Event('open'));
  MemorySocket.all[0]?.close();

  await vi.waitFor(() => {
    expect(tab.connection.connection.value).toBe('screen_alone');
  });
});
