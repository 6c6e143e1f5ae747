/**
 * What this browser keeps. Upgrades only ever add: a build that is older than the database must still read its orders.
 *
 * Orders, tokens and the seat's key live beside caches that can be fetched again; losing the whole database loses no
 * order that the kiosk has committed.
 */
import { openDB, type DBSchema, type IDBPDatabase, type StoreNames } from 'idb';
import type { CoreSeed, PicturesSeed, TextsSeed } from '../api/types';
import type { EndedRow, HeldToken, OutboxRow, SlipRow } from '../shared/outbox-core';

/**
 * The key of this browser's seat, which cannot leave it, and the kiosk's delegation to it. The key outlives many
 * delegations: staff admit a screen once. `seat` is null while they have not.
 */
export interface SeatRow {
  jkt: string;
  keys: CryptoKeyPair;
  purpose: 'screen' | 'phone';
  createdAt: number;
  seat: string | null;
  seatId: string;
  /** Unix seconds. */
  expiresAt: number;
  tokensMax: number;
  /** A signed request for tokens that no answer came to: the same bytes again get the same numbers. */
  pending: string | null;
}

export interface CoreRow {
  sha256: string;
  core: CoreSeed;
}

export interface TableRow {
  name: 'full' | 'top';
  sha256: string;
  bytes: ArrayBuffer;
}

export interface TextsRow {
  name: 'all';
  sha256: string;
  texts: TextsSeed;
}

export interface PictureRow {
  sha256: string;
  sizeBytes: number;
  usedAt: number;
}

/** A part of a download that is not whole yet, kept so that it can go on where it stopped. */
export interface PartialRow {
  /** `owner/sha256/offset`; earlier builds kept one row for each file, under its hash alone. */
  sha256: string;
  bytes: ArrayBuffer;
}

/** A push subscription for one order. */
export interface Wish {
  number: string;
  endpoint: string;
  keys: { p256dh: string; auth: string };
  language: string;
  /** Our public key that the browser has bound this to; wishes of earlier releases do not say. */
  vapid_key?: string;
}

export interface Meta {
  /** When the prices here were last known to be current: milliseconds since 1970. */
  pricesAt: number;
  /** The kiosk's clock less this browser's, in seconds. */
  clockOffsetS: number;
  /** The list of pictures that are worth having here. */
  pictures: { sha256: string; list: PicturesSeed };
  /** What this browser calls itself in heartbeats: random, for counting screens. */
  screen: string;
  /** Shoppers who asked to be told about an order, until the kiosk has taken their wish. */
  wishes: Wish[];
}

export interface EdgeShopDb extends DBSchema {
  meta: { key: string; value: Meta[keyof Meta] };
  shelf: { key: string; value: CoreRow };
  tables: { key: string; value: TableRow };
  texts: { key: string; value: TextsRow };
  pictures: { key: string; value: PictureRow; indexes: { usedAt: number } };
  partials: { key: string; value: PartialRow };
  seats: { key: string; value: SeatRow };
  tokens: { key: string; value: HeldToken };
  outbox: { key: string; value: OutboxRow };
  slips: { key: string; value: SlipRow };
  ended: { key: string; value: EndedRow };
}

export type Db = IDBPDatabase<EdgeShopDb>;
export type Store = StoreNames<EdgeShopDb>;

const NAME = 'edgeshop';
const VERSION = 1;
const WAIT_MIN_MS = 50;
const WAIT_MAX_MS = 1000;

let opening: Promise<Db> | null = null;
const lost = new Set<() => void>();

/** Hear when the browser took the database away, as when a person clears the site's data. */
export function onDatabaseLost(listener: () => void): void {
  lost.add(listener);
}

/** The one connection of this page or worker; opened again when the browser or another tab closed it. */
export function database(): Promise<Db> {
  opening ??= openPatiently().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

/** Let go of the connection, so that another build may upgrade. */
export async function closeDatabase(): Promise<void> {
  const closing = opening;
  opening = null;
  (await closing)?.close();
}

/** Browsers refuse to open while they are still taking the old database away. */
async function openPatiently(): Promise<Db> {
  for (let waitMs = WAIT_MIN_MS; ; waitMs *= 2) {
    try {
      return await open();
    } catch (error) {
      if (waitMs > WAIT_MAX_MS || !(error instanceof DOMException && error.name === 'AbortError')) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

function open(): Promise<Db> {
  return openDB<EdgeShopDb>(NAME, VERSION, {
    upgrade(db, from) {
      if (from < 1) createFirst(db);
    },
    blocking() {
      void closeDatabase();
    },
    terminated() {
      opening = null;
      for (const listener of lost) listener();
    },
  });
}

function createFirst(db: Db): void {
  db.createObjectStore('meta');
  db.createObjectStore('shelf');
  db.createObjectStore('tables', { keyPath: 'name' });
  db.createObjectStore('texts', { keyPath: 'name' });
  db.createObjectStore('pictures', { keyPath: 'sha256' }).createIndex('usedAt', 'usedAt');
  db.createObjectStore('partials', { keyPath: 'sha256' });
  db.createObjectStore('seats', { keyPath: 'jkt' });
  for (const name of ['tokens', 'outbox', 'slips', 'ended'] as const) db.createObjectStore(name, { keyPath: 'number' });
}
