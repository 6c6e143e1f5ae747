import { forceCloseDatabase } from 'fake-indexeddb';
import { unwrap } from 'idb';
import { expect, test, vi } from 'vitest';
import { closeDatabase, database, onDatabaseLost } from './schema';

test('while the browser is still taking the old database away, opening is tried again', async () => {
  await closeDatabase();
  const open = indexedDB.open.bind(indexedDB);
  let refusals = 2;
  const spy = vi.spyOn(indexedDB, 'open').mockImplementation((...args) => {
    if ((refusals -= 1) < 0) return open(...args);
    throw new DOMException('The connection was closed.', 'AbortError');
  });

  const db = await database();

  expect(spy).toHaveBeenCalledTimes(3);
  expect([...db.objectStoreNames]).toContain('outbox');
  await closeDatabase();
});

test('other failures are told at once, and the next call tries anew', async () => {
  await closeDatabase();
  vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
    throw new DOMException('no', 'SecurityError');
  });

  await expect(database()).rejects.toThrow('no');

  await expect(database()).resolves.toBeDefined();
  await closeDatabase();
});

test('a database that was taken away is said so, and there is a new one', async () => {
  await closeDatabase();
  const first = await database();
  const lost = vi.fn();
  onDatabaseLost(lost);

  forceCloseDatabase(unwrap(first) as never);

  await vi.waitFor(() => {
    expect(lost).toHaveBeenCalledOnce();
  });
  expect(await database()).not.toBe(first);
  await closeDatabase();
});
