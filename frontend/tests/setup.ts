/** Every test gets a browser of its own, and fails on an error that only the console would have seen. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect } from 'vitest';
import { Browser } from './browser';

export const browser = new Browser();

/** Wait until the work that pages do in the background has come to rest. */
export async function atRest(): Promise<void> {
  for (let quiet = 0; quiet < 5; quiet = browser.locks.isIdle ? quiet + 1 : 0) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

beforeEach(() => {
  browser.errors.length = 0;
  browser.quota = 1024 ** 3;
  browser.install();
});

afterEach(async () => {
  await atRest();
  expect(browser.errors).toEqual([]);
});
