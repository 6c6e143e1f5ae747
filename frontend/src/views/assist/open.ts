/** Which helper lies over the screen: comfort settings, the staff's strip, the call for a person, or none. */
import { signal, type ReadonlySignal } from '@preact/signals';

export type Assist = 'comfort' | 'staff' | 'beacon';

const open = signal<Assist | null>(null);
export const assist: ReadonlySignal<Assist | null> = open;

export function openAssist(which: Assist): void {
  open.value = which;
}
export function closeAssist(): void {
  open.value = null;
}
