import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { smallShelf } from '../../tests/kiosk';
import { browser } from '../../tests/setup';

const said: unknown[] = [];
let container: EventTarget;
let registration: Record<string, unknown>;
let tab: Tab;
let reloads = 0;

beforeEach(async () => {
  said.length = 0;
  reloads = 0;
  registration = { waiting: null, update: () => Promise.resolve() };
  const ready = Promise.resolve({ active: { postMessage: () => undefined } });
  const register = () => Promise.resolve(registration);
  container = Object.assign(new EventTarget(), { controller: {}, ready, register, getRegistration: register });
  Object.assign(navigator, { serviceWorker: container });
  Object.defineProperty(location, 'reload', { value: () => (reloads += 1) });
  tab = await openTab();
  tab.shelf.showCore('a', smallShelf());
  vi.useFakeTimers({ toFake: ['setInterval', 'Date'] });
  await (await import('./shell')).startShell();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Let the page look at the waiting build, some times. */
const look = () => vi.advanceTimersByTimeAsync(15_000);

const wait = (): void => {
  registration['waiting'] = { postMessage: (message: unknown) => said.push(message) };
};

test('a new build is let in when nobody is at the screen', async () => {
  wait();

  await look();

  expect(said).toContain('skip-waiting');
});

test('not during a basket, here or in another tab; after it, yes', async () => {
  wait();
  tab.basket.add(1);
  await look();
  expect(said).toEqual([]);

  tab.basket.clear();
  let leave: () => void = () => undefined;
  void browser.locks.request('edgeshop-basket', { mode: 'shared' }, () => new Promise<void>((done) => (leave = done)));
  await look();
  expect(said).toEqual([]);

  leave();
});

test('not between two lives of a page with a basket: a reload lets go of it for a moment', async () => {
  const holds = (held: boolean) => {
    browser.locks.query = () => Promise.resolve({ held: held ? [{ name: 'edgeshop-basket' }] : [] });
  };
  wait();
  for (const held of [true, false, true, false, true]) {
    holds(held);
    await vi.advanceTimersByTimeAsync(5_000);
  }

  expect(said).toEqual([]);
});

test('the page takes up a new build by loading again, but only after the basket', async () => {
  tab.basket.add(1);
  container.dispatchEvent(new Event('controllerchange'));
  await look();
  expect(reloads).toBe(0);

  tab.basket.clear();
  await look();

  expect(reloads).toBeGreaterThan(0);
});

test('the stage tells how far the shell is', () => {
  const news = new MessageEvent('message', { data: { shell: { doneBytes: 10, totalBytes: 35 } } });

  container.dispatchEvent(news);

  expect(tab.hydration.stages.value[0]).toEqual({ name: 'shell', state: 'done', doneBytes: 10, totalBytes: 35 });
});

test('a worker that could not be fetched is fetched at a later heartbeat', async () => {
  const { ensureWorker, registerWorker } = await import('./shell');
  const register = vi.fn().mockRejectedValueOnce(new TypeError('kiosk away')).mockResolvedValue(registration);
  Object.assign(container, { register });
  await registerWorker();
  expect(tab.hydration.stages.value[0]?.state).toBe('failed');

  await ensureWorker();
  await ensureWorker();

  expect(register).toHaveBeenCalledTimes(2);
  expect(tab.hydration.stages.value[0]?.state).toBe('done');
});

test('a first worker that could not fetch all of its build is tried again at a later heartbeat', async () => {
  const { ensureWorker, registerWorker } = await import('./shell');
  const worker = Object.assign(new EventTarget(), { state: 'installing' });
  const register = vi
    .fn()
    .mockResolvedValueOnce({ ...registration, installing: worker })
    .mockResolvedValue(registration);
  Object.assign(container, { register, ready: new Promise(() => undefined) });
  const registering = registerWorker();
  await vi.waitFor(() => {
    expect(register).toHaveBeenCalled();
  });
  await Promise.resolve();
  worker.state = 'redundant';
  worker.dispatchEvent(new Event('statechange'));
  await registering;
  expect(tab.hydration.stages.value[0]?.state).toBe('failed');

  Object.assign(container, { ready: Promise.resolve({ active: null }) });
  await ensureWorker();

  expect(tab.hydration.stages.value[0]?.state).toBe('done');
});
