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
  return {
    basket: await import('../src/stores/basket'),
    checkout: await import('../src/stores/checkout'),
    connection: await import('../src/stores/connection'),
    hydration: await import('../src/stores/hydration'),
    orders: await import('../src/stores/orders'),
    outbox: await import('../src/stores/outbox'),
    search: await import('../src/stores/search'),
    seats: await import('../src/stores/seats'),
    session: await import('../src/stores/session'),
    shelf: await import('../src/stores/shelf'),
    suggest: await import('../src/stores/suggest'),
    db: await import('../src/db/outbox'),
    files: await import('../src/db/shelf'),
    parts: await import('../src/db/partials'),
  };
}

export type Tab = Awaited<ReturnType<typeof openTab>>;
