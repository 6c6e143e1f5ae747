import { beforeEach, expect, test, vi } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk, smallShelf } from '../../tests/kiosk';
import { fromBase64Url } from '../shared/bytes';

let kiosk: Kiosk;
let tab: Tab;
let subscribe: () => Promise<unknown>;
let made: { options: { applicationServerKey: ArrayBuffer }; unsubscribe: () => Promise<boolean> } | null;

const endpoint = 'https://push.example/1';
const subscription = { toJSON: () => ({ endpoint, keys: { p256dh: 'p', auth: 'a' } }) };

beforeEach(async () => {
  kiosk = new Kiosk().install();
  const core = smallShelf();
  core.shop.vapid_public_key = 'BAAA';
  kiosk.offer('core', 'core', core);
  subscribe = () => Promise.resolve(subscription);
  made = null;
  const worker = { pushManager: { subscribe: () => subscribe(), getSubscription: () => Promise.resolve(made) } };
  Object.assign(navigator, {
    serviceWorker: { getRegistration: () => Promise.resolve(worker), addEventListener: () => undefined },
  });
  vi.stubGlobal('Notification', { requestPermission: () => Promise.resolve('granted') });
  tab = await openTab();
  await tab.connection.probe();
  await tab.hydration.hydrate();
  await tab.outbox.startOutbox();
  tab.basket.add(1);
});

const told = (): { number: string; receipt_key: string }[] => kiosk.subscriptions;

test('who asks is told by push, by the key of the receipt', async () => {
  await tab.checkout.pay('card');

  expect(await tab.orders.askToBeTold('1-1-1-1')).toBe('subscribed');

  expect(told()).toEqual([
    {
      number: '1-1-1-1',
      receipt_key: 'key-1-1-1-1',
      endpoint,
      keys: { p256dh: 'p', auth: 'a' },
      language: 'en',
      vapid_key: 'BAAA',
    },
  ]);
});

test.each([
  ['BAAA', 0],
  ['BBBB', 1],
])('a browser bound to %s leaves that sender %d times before it joins ours', async (bound, left) => {
  const unsubscribe = vi.fn(() => Promise.resolve(true));
  made = { options: { applicationServerKey: fromBase64Url(bound).buffer }, unsubscribe };
  await tab.checkout.pay('card');

  expect(await tab.orders.askToBeTold('1-1-1-1')).toBe('subscribed');

  expect(unsubscribe).toHaveBeenCalledTimes(left);
});

test('a wish on a provisional slip is kept until the kiosk has the order', async () => {
  kiosk.fault('/api', 'down');
  await tab.checkout.pay('cash');

  expect(await tab.orders.askToBeTold('1-1-1-1')).toBe('subscribed');
  expect(told()).toEqual([]);
  kiosk.heal();
  await tab.orders.flush();
  await tab.orders.flush();

  expect(told().map((wish) => wish.number)).toEqual(['1-1-1-1']);
});

test('a person may say no, and a browser may be unable', async () => {
  vi.stubGlobal('Notification', { requestPermission: () => Promise.resolve('denied') });
  expect(await tab.orders.askToBeTold('1-1-1-1')).toBe('denied');

  vi.stubGlobal('Notification', { requestPermission: () => Promise.resolve('granted') });
  subscribe = () => Promise.reject(new DOMException('no service', 'AbortError'));
  expect(await tab.orders.askToBeTold('1-1-1-1')).toBe('unsupported');

  Object.assign(navigator, { serviceWorker: undefined });
  expect(await tab.orders.askToBeTold('1-1-1-1')).toBe('unsupported');
});

test('a push service that never answers is given up on', async () => {
  subscribe = () => new Promise(() => undefined);
  vi.useFakeTimers({ toFake: ['setTimeout'] });

  const asked = tab.orders.askToBeTold('1-1-1-1');
  await vi.advanceTimersByTimeAsync(10_000);

  expect(await asked).toBe('timeout');
  vi.useRealTimers();
});
