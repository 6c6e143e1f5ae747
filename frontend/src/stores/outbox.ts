/** The outbox as a signal: what is stored, re-read whenever this page, another tab or the worker changed it. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { onOutboxChange, readOutbox } from '../db/outbox';
import { EMPTY, type OutboxState } from '../shared/outbox-core';
import { quietly } from './quietly';

const stored = signal<OutboxState>(EMPTY);
let reading: Promise<void> | null = null;
let isStale = false;

export const outbox: ReadonlySignal<OutboxState> = stored;

/** Read what is stored. A change that arrives while reading causes one more reading. */
export function refreshOutbox(): Promise<void> {
  isStale = true;
  reading ??= (async () => {
    while (isStale) {
      isStale = false;
      stored.value = await readOutbox();
    }
  })().finally(() => {
    reading = null;
  });
  return reading;
}

export async function startOutbox(): Promise<void> {
  onOutboxChange(() => {
    quietly(refreshOutbox());
  });
  await refreshOutbox();
}
