/** One browser profile: storage, locks and caches that its tabs share and that a wipe empties. */
import { IDBFactory } from 'fake-indexeddb';
import { vi } from 'vitest';
import { MemoryCaches } from './cache-storage';
import { WebLocks } from './web-locks';

const ORIGIN = 'http://127.0.0.1:8000/';

class MemorySession {
  private values = new Map<string, string>();
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.values.set(key, value);
  removeItem = (key: string): void => void this.values.delete(key);
}

/** Sockets that pages opened; a test speaks through them. */
export class MemorySocket extends EventTarget {
  static readonly all: MemorySocket[] = [];

  constructor(readonly url: URL) {
    super();
    MemorySocket.all.push(this);
  }

  say(news: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(news) }));
  }

  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}

export class Browser {
  readonly locks = new WebLocks();
  readonly errors: unknown[] = [];
  quota = 1024 ** 3;

  /** Put this browser's globals in place. */
  install(): void {
    this.wipe();
    const page = new EventTarget();
    const define = (name: string, value: unknown): void => {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    };
    const storage = {
      estimate: () => Promise.resolve({ quota: this.quota, usage: 0 }),
      persist: () => Promise.resolve(true),
    };
    define('navigator', { locks: this.locks, storage });
    define('location', new URL(ORIGIN));
    define('window', globalThis);
    define('WebSocket', MemorySocket);
    MemorySocket.all.length = 0;
    define('document', Object.assign(new EventTarget(), { documentElement: {}, visibilityState: 'visible' }));
    for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const) {
      define(name, page[name].bind(page));
    }
    define('reportError', (error: unknown) => this.errors.push(error));
  }

  /** All site data gone, as after eviction or "clear browsing data". */
  wipe(): void {
    const define = (name: string, value: unknown): void => {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    };
    define('indexedDB', new IDBFactory());
    define('caches', new MemoryCaches());
    define('sessionStorage', new MemorySession());
    vi.resetModules();
  }

  /** The browser dies: locks fall free, and what its pages were doing is never heard of again. */
  crash(): void {
    this.locks.crash();
    Object.defineProperty(globalThis, 'sessionStorage', { value: new MemorySession(), configurable: true });
    vi.resetModules();
  }
}

/** A fresh tab: every module anew, storage shared with the others. */
export async function openTab() {
  vi.resetModules();
  const [
    basket,
    checkout,
    connection,
    hydration,
    orders,
    outbox,
    search,
    seats,
    session,
    shelf,
    suggest,
    db,
    files,
    parts,
  ] = await Promise.all([
    import('../src/stores/basket'),
    import('../src/stores/checkout'),
    import('../src/stores/connection'),
    import('../src/stores/hydration'),
    import('../src/stores/orders'),
    import('../src/stores/outbox'),
    import('../src/stores/search'),
    import('../src/stores/seats'),
    import('../src/stores/session'),
    import('../src/stores/shelf'),
    import('../src/stores/suggest'),
    import('../src/db/outbox'),
    import('../src/db/shelf'),
    import('../src/db/partials'),
  ]);
  return {
    basket,
    checkout,
    connection,
    hydration,
    orders,
    outbox,
    search,
    seats,
    session,
    shelf,
    suggest,
    db,
    files,
    parts,
  };
}

export type Tab = Awaited<ReturnType<typeof openTab>>;
