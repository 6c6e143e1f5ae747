/** The one short line at the foot of the screen, with at most one thing to do about it. */
import { signal, type ReadonlySignal } from '@preact/signals';

const STAYS_MS = 7000; // long enough to read it and to reach for "put back"

export interface Saying {
  text: string;
  action: { text: string; onPress: () => void } | null;
}

const now = signal<Saying | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export const saying: ReadonlySignal<Saying | null> = now;

export function say(text: string, action: Saying['action'] = null): void {
  clearTimeout(timer);
  now.value = { text, action };
  timer = setTimeout(hush, STAYS_MS);
}

export function hush(): void {
  clearTimeout(timer);
  now.value = null;
}
