/** What a shopper has set for themselves: gone with the next person, kept over a reload. */
import { effect, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
export interface Comfort {
  text: number;
  theme: Theme;
  contrast: boolean;
  motion: boolean;
  reach: boolean;
}

const KEY = 'edgeshop.comfort';
export const textSizes = [1, 1.25, 1.5, 2] as const;
export const plainComfort: Comfort = { text: 1, theme: 'auto', contrast: false, motion: false, reach: false };

/** What was kept, as far as it makes sense. */
export function readComfort(text: string | null): Comfort {
  let kept: unknown = null;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    return plainComfort;
  }
  if (kept === null || typeof kept !== 'object') return plainComfort;
  const has = (name: keyof Comfort): unknown => (kept as Record<string, unknown>)[name];
  return {
    text: textSizes.find((size) => size === has('text')) ?? 1,
    theme: (['light', 'dark'] as const).find((theme) => theme === has('theme')) ?? 'auto',
    contrast: has('contrast') === true,
    motion: has('motion') === true,
    reach: has('reach') === true,
  };
}

export const comfort = signal<Comfort>(plainComfort);

export function setComfort(change: Partial<Comfort>): void {
  comfort.value = { ...comfort.value, ...change };
}

export function resetComfort(): void {
  comfort.value = plainComfort;
}

function mark(name: string, value: string | null): void {
  const root = document.documentElement;
  if (value === null) root.removeAttribute(`data-${name}`);
  else root.setAttribute(`data-${name}`, value);
}

/** Puts the choices onto the page, now and at every change. */
export function startComfort(): void {
  comfort.value = readComfort(tryStorage((storage) => storage.getItem(KEY)));
  effect(() => {
    const chosen = comfort.value;
    document.documentElement.style.setProperty('--text-scale', String(chosen.text));
    mark('theme', chosen.theme === 'auto' ? null : chosen.theme);
    mark('contrast', chosen.contrast ? 'more' : null);
    mark('motion', chosen.motion ? 'less' : null);
    mark('reach', chosen.reach ? 'low' : null);
    tryStorage((storage) => storage.setItem(KEY, JSON.stringify(chosen)));
  });
}

function tryStorage<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(sessionStorage);
  } catch {
    return null; // storage refused: the choice lives as long as the page
  }
}
