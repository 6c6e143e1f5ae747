import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk, smallShelf } from '../../tests/kiosk';
import { browser } from '../../tests/setup';

let tab: Tab;

beforeEach(async () => {
  new Kiosk().install();
  tab = await openTab();
  tab.shelf.showCore('a', smallShelf());
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  tab.session.startSession();
});

afterEach(() => {
  vi.useRealTimers();
});

const touch = (kind = 'pointerdown') => dispatchEvent(new Event(kind));
const pass = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);

test('after a minute the screen asks, and twenty seconds later it forgets', () => {
  let resets = 0;
  tab.session.onReset(() => (resets += 1));
  touch();
  tab.basket.add(1);

  pass(59);
  expect(tab.session.idleWarning.value).toBeNull();
  pass(1.5);
  expect(tab.session.idleWarning.value).toBe(20);
  pass(1);
  expect(tab.session.idleWarning.value).toBe(19);
  pass(17);
  expect(resets).toBe(0);
  pass(2);

  expect(resets).toBe(1);
  expect(tab.session.idleWarning.value).toBeNull();
  expect(tab.basket.lines.value).toEqual([]);
  expect(sessionStorage.getItem('edgeshop.basket')).toBeNull();
});

test('a touch starts the minute anew; the question is answered by its own button', () => {
  touch();
  pass(50);
  touch('keydown');
  pass(50);
  expect(tab.session.idleWarning.value).toBeNull();
  pass(15);
  expect(tab.session.idleWarning.value).not.toBeNull();

  tab.session.extend();

  expect(tab.session.idleWarning.value).toBeNull();
  pass(59);
  expect(tab.session.idleWarning.value).toBeNull();
});

test('an untouched screen asks nobody', () => {
  touch('scroll');
  pass(600);

  expect(tab.session.idleWarning.value).toBeNull();
});

test('nobody is sent away while paying', async () => {
  touch();
  tab.basket.add(1);
  let release: () => void = () => undefined;
  void browser.locks.request('edgeshop-pay', () => new Promise<void>((resolve) => (release = resolve)));
  const paid = tab.checkout.pay('card');

  pass(300);
  tab.session.startOver();

  expect(tab.checkout.paying.value).toBe(true);
  expect(tab.session.idleWarning.value).toBeNull();
  expect(tab.basket.count.value).toBe(1);
  release();
  expect(await paid).toMatchObject({ kind: 'refused', code: 'checkout.no_token' });
});

test('tokens and orders are the shop’s, and stay', async () => {
  await tab.db.takeEvent({
    kind: 'tokens',
    tokens: [{ number: '1-1-1-1', token: 't', jkt: 'k', maxMinor: 1, book: 1, expiresAt: 9e9 }],
    released: [],
  });

  tab.session.startOver();

  expect((await tab.db.readOutbox()).tokens).toHaveLength(1);
});

test('the next shopper starts in the shop’s language', async () => {
  const { lang, dir, setLanguage } = await import('./language');
  setLanguage('ar');
  expect([lang.value, dir.value]).toEqual(['ar', 'rtl']);

  tab.session.startOver();

  expect([lang.value, dir.value]).toEqual(['en', 'ltr']);
});
