import { beforeEach, expect, test } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk } from '../../tests/kiosk';

let kiosk: Kiosk;
let tab: Tab;

beforeEach(async () => {
  kiosk = new Kiosk().install();
  tab = await openTab();
});

const healths = (): number => kiosk.calls.filter((call) => call === 'GET /api/health').length;

test('nothing is claimed before the kiosk has answered', async () => {
  expect(tab.connection.connection.value).toBe('screen_alone');

  expect(await tab.connection.probe()).toBe(true);

  expect(tab.connection.connection.value).toBe('connected');
});

test('a kiosk without its cloud is a shop on its own', async () => {
  kiosk.cloud = 'alone';

  await tab.connection.probe();

  expect(tab.connection.connection.value).toBe('shop_alone');
});

test('one lost answer is no outage, two are', async () => {
  await tab.connection.probe();
  const place = globalThis.fetch;
  let lost = 1;
  globalThis.fetch = (input, init) => ((lost -= 1) >= 0 ? Promise.reject(new TypeError('lost')) : place(input, init));

  expect(await tab.connection.probe()).toBe(true);
  expect(tab.connection.connection.value).toBe('connected');
  kiosk.fault('/api', 'down');
  expect(await tab.connection.probe()).toBe(false);
  expect(tab.connection.connection.value).toBe('screen_alone');
});

test.each(['captive', 'error', 'down'] as const)('an answer that is not ours (%s) is no kiosk', async (fault) => {
  kiosk.fault('/api', fault);

  expect(await tab.connection.probe()).toBe(false);
  expect(tab.connection.connection.value).toBe('screen_alone');
});

test('questions at the same time are one question', async () => {
  await Promise.all([tab.connection.probe(), tab.connection.probe(), tab.connection.probe()]);

  expect(healths()).toBe(1);
});

test('whoever listens hears of every answer', async () => {
  const heard: number[] = [];
  tab.connection.onContact((now) => heard.push(now.book));

  await tab.connection.probe();
  kiosk.fault('/api', 'down');
  await tab.connection.probe();

  expect(heard).toEqual([1]);
});

test('the kiosk’s clock rules', async () => {
  const { nowS } = await import('./clock');
  kiosk.clockAheadS = 7200;

  await tab.connection.probe();

  expect(Math.abs(nowS() - kiosk.now())).toBeLessThanOrEqual(2);
});
