/** The language of this shopper; the next one starts again with the shop's own. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { shop } from './shelf';
import type { Lang } from './types';

const chosen = signal<Lang | null>(null);

export const lang: ReadonlySignal<Lang> = computed(() => chosen.value ?? shop.value?.defaultLanguage ?? 'en');

export const dir: ReadonlySignal<'ltr' | 'rtl'> = computed(() => (lang.value === 'ar' ? 'rtl' : 'ltr'));

export function setLanguage(l: Lang): void {
  chosen.value = l;
}

export function resetLanguage(): void {
  chosen.value = null;
}

/** Keep the document's language and direction in step. */
export function startLanguage(): void {
  effect(() => {
    document.documentElement.lang = lang.value;
    document.documentElement.dir = dir.value;
  });
}
