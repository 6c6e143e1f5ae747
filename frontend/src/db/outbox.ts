/**
 * The outbox in IndexedDB: one event of the state machine is one strict transaction under one Web Lock.
 *
 * The whole state is read, stepped and written back by difference inside a single transaction, so a crash leaves
 * either the old state or the new one. It is small: a few tokens, unsent orders, some recent slips.
 */
import { step, type OutboxEvent, type OutboxState } from '../shared/outbox-core';
import { alone, OUTBOX_LOCK } from './locks';
import { database } from './schema';

const PARTS = ['tokens', 'outbox', 'slips', 'ended'] as const;
const CHANNEL = 'edgeshop-outbox';

/** The machine refused the event: nothing was written. */
export class OutboxRefusal extends Error {
  override readonly name = 'OutboxRefusal';

  constructor(readonly code: string) {
    super(code);
  }
}

/** What is stored now. */
export async function readOutbox(): Promise<OutboxState> {
  const tx = (await database()).transaction(PARTS);
  const [tokens, outbox, slips, ended] = await Promise.all([
    tx.objectStore('tokens').getAll(),
    tx.objectStore('outbox').getAll(),
    tx.objectStore('slips').getAll(),
    tx.objectStore('ended').getAll(),
  ]);
  return { tokens, outbox: outbox.sort(byPlaced(slips)), slips, ended };
}

/**
 * Take one event and answer the new state once it is on the disk.
 *
 * Raises: OutboxRefusal; DOMException when the browser cannot store it.
 */
export function takeEvent(event: OutboxEvent): Promise<OutboxState> {
  return alone(OUTBOX_LOCK, async () => {
    const state = await write(event);
    announce();
    return state;
  });
}

async function write(event: OutboxEvent): Promise<OutboxState> {
  const tx = (await database()).transaction(PARTS, 'readwrite', { durability: 'strict' });
  const stores = {
    tokens: tx.objectStore('tokens'),
    outbox: tx.objectStore('outbox'),
    slips: tx.objectStore('slips'),
    ended: tx.objectStore('ended'),
  };
  const [tokens, outbox, slips, ended] = await Promise.all([
    stores.tokens.getAll(),
    stores.outbox.getAll(),
    stores.slips.getAll(),
    stores.ended.getAll(),
  ]);
  const before: OutboxState = { tokens, outbox, slips, ended };
  const { state, refusal } = step(before, event);
  const writes: Promise<unknown>[] = [tx.done];
  try {
    for (const part of PARTS) {
      for (const write of apply(stores[part], before[part], state[part])) writes.push(write);
    }
    await Promise.all(writes);
  } catch (error) {
    abort(tx, writes); // a write that throws at once does not undo those before it
    throw error;
  }
  if (refusal !== null) throw new OutboxRefusal(refusal);
  return state;
}

function abort(tx: { abort(): void }, writes: readonly Promise<unknown>[]): void {
  for (const write of writes) write.catch(() => undefined); // they all fail with it, and one failure is being thrown
  try {
    tx.abort();
  } catch {
    // The browser has aborted it already.
  }
}

interface Sink {
  put(row: object): Promise<unknown>;
  delete(key: string): Promise<void>;
}

type Row = { number: string };

/** Write the difference between two lists of rows; yields each write as it begins. */
function* apply(store: Sink, before: readonly Row[], after: readonly Row[]): Generator<Promise<unknown>> {
  const kept = new Set(after.map((row) => row.number));
  const old = new Set(before);
  for (const row of before) if (!kept.has(row.number)) yield store.delete(row.number);
  for (const row of after) if (!old.has(row)) yield store.put(row);
}

function byPlaced(slips: readonly { number: string; placedAt: number }[]): (a: Row, b: Row) => number {
  const placed = new Map(slips.map((slip) => [slip.number, slip.placedAt]));
  return (a, b) => (placed.get(a.number) ?? 0) - (placed.get(b.number) ?? 0);
}

/** Hear of every change, made here, in another tab or in the worker. Answers how to stop. */
export function onOutboxChange(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', listener);
  return () => {
    channel.close();
  };
}

let speaker: BroadcastChannel | null = null;

function announce(): void {
  speaker ??= new BroadcastChannel(CHANNEL);
  speaker.postMessage('changed');
}
