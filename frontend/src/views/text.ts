/** Words and prices in the language of this screen and the currency of this shop. */
import { signal } from '@preact/signals';
import {
  formatMoment,
  formatNumber,
  formatPrice,
  formatRate,
  formatTime,
  loadLanguage,
  priceParts,
  translate,
  type Currency,
  type Key,
  type Lang,
  type PricePart,
  type Values,
} from '../i18n';
import { lang } from '../stores/language';
import { shop } from '../stores/shelf';
import type { Category } from '../stores/types';

const ready = signal<ReadonlySet<Lang>>(new Set<Lang>(['en']));

/** Makes the words of `wanted` ready; until then, and where they cannot be had, English stands in. */
export async function readyLanguage(wanted: Lang): Promise<void> {
  if (ready.peek().has(wanted)) return;
  await loadLanguage(wanted);
  ready.value = new Set([...ready.peek(), wanted]);
}

const euro: Currency = { currency: 'EUR', exponent: 2 };

export const currency = (): Currency => shop.value ?? euro;
export const t = (key: Key, values?: Values): string =>
  translate(ready.value.has(lang.value) ? lang.value : 'en', key, values);

export const money = (minor: number): string => formatPrice(lang.value, minor, currency());
export const moneyParts = (minor: number): readonly PricePart[] => priceParts(lang.value, minor, currency());
export const number = (n: number): string => formatNumber(lang.value, n);
export const rate = (basisPoints: number): string => formatRate(lang.value, basisPoints);
export const time = (ms: number): string => formatTime(lang.value, ms);
export const moment = (ms: number): string => formatMoment(lang.value, ms);

export function categoryName(category: Category): string {
  return category.names[lang.value] ?? category.names['en'] ?? category.slug;
}
