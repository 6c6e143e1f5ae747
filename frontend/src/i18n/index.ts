/**
 * Words, numbers and money for a reader. Knows no store: the views bind the language.
 */
import { en, type Key, type Messages } from './en';

export type { Key };
export type Lang = 'en' | 'de' | 'ar';
export type Values = Readonly<Record<string, string | number>>;

/** English is always here; the others are files of their own, because a shopper reads one language. */
const catalogues: Partial<Record<Lang, Messages>> = { en };
const fetchers: Record<Exclude<Lang, 'en'>, () => Promise<Messages>> = {
  de: () => import('./de').then((module) => module.de),
  ar: () => import('./ar').then((module) => module.ar),
};

/** Makes `lang` readable. Raises: whatever a failed import raises; English stands in meanwhile. */
export async function loadLanguage(lang: Lang): Promise<void> {
  if (lang !== 'en') catalogues[lang] ??= await fetchers[lang]();
}

/** What Intl is asked for; British English because it writes dates and times as our shops do. */
export const locales: Record<Lang, string> = { en: 'en-GB', de: 'de-DE', ar: 'ar' };

/** Each language in its own words. */
export const ownNames: Record<Lang, string> = { en: 'English', de: 'Deutsch', ar: 'العربية' };

/** The message for `key`, plural chosen by `values.n`, numbers written as the language writes them. */
export function translate(lang: Lang, key: Key, values: Values = {}): string {
  const message = (catalogues[lang] ?? en)[key];
  const text = typeof message === 'string' ? message : form(lang, message, values['n']);
  return text.replace(/\{(\w+)\}/g, (_, name: string) => written(lang, values[name]));
}

function form(lang: Lang, forms: Messages[Extract<Key, 'basket.count'>], n: string | number | undefined): string {
  const count = typeof n === 'number' ? n : 0;
  if (count === 0 && forms.zero !== undefined) return forms.zero;
  return forms[pluralRules(lang).select(count)] ?? forms.other;
}

function written(lang: Lang, value: string | number | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? formatNumber(lang, value) : value;
}

/** One Intl object per language and purpose: making one costs more than a frame on a kiosk. */
function once<T>(make: (lang: Lang, more: string) => T): (lang: Lang, more?: string) => T {
  const made = new Map<string, T>();
  return (lang, more = '') => {
    const key = `${lang} ${more}`;
    let one = made.get(key);
    if (one === undefined) made.set(key, (one = make(lang, more)));
    return one;
  };
}

const pluralRules = once((lang) => new Intl.PluralRules(locales[lang]));
const numbers = once((lang) => new Intl.NumberFormat(locales[lang]));
const percents = once((lang) => new Intl.NumberFormat(locales[lang], { style: 'percent', maximumFractionDigits: 2 }));
const times = once((lang) => new Intl.DateTimeFormat(locales[lang], { hour: '2-digit', minute: '2-digit' }));
const moments = once((lang) => new Intl.DateTimeFormat(locales[lang], { dateStyle: 'medium', timeStyle: 'short' }));
const collators = once((lang) => new Intl.Collator(locales[lang], { numeric: true }));
const currencies = once((lang, more) => {
  const [currency = 'EUR', digits = '2'] = more.split(' ');
  const fraction = Number(digits);
  return new Intl.NumberFormat(locales[lang], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  });
});

export const formatNumber = (lang: Lang, n: number): string => numbers(lang).format(n);
/** Basis points as a share: 1900 is "19 %". */
export const formatRate = (lang: Lang, basisPoints: number): string => percents(lang).format(basisPoints / 10_000);
export const formatTime = (lang: Lang, ms: number): string => times(lang).format(ms);
export const formatMoment = (lang: Lang, ms: number): string => moments(lang).format(ms);
export const compareNames = (lang: Lang, a: string, b: string): number => collators(lang).compare(a, b);

/** Prices come again and again, and Intl takes longer over one than a page over showing it. */
const parted = new Map<string, readonly PricePart[]>();
const PARTED_MAX = 4096;

export interface Currency {
  currency: string;
  exponent: number;
}
export interface PricePart {
  kind: 'symbol' | 'whole' | 'fraction';
  text: string;
}

/** Minor units as a decimal string, so that no float ever holds money. */
export function decimal(minor: number, exponent: number): `${number}` {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const text = exponent > 0 ? `${whole}.${digits.slice(-exponent)}` : whole;
  return `${minor < 0 ? '-' : ''}${text}` as `${number}`;
}

export function formatPrice(lang: Lang, minor: number, c: Currency): string {
  return currencies(lang, `${c.currency} ${c.exponent}`).format(decimal(minor, c.exponent));
}

/** The same price in parts, so that the symbol and the small change may be set smaller. */
export function priceParts(lang: Lang, minor: number, c: Currency): readonly PricePart[] {
  const key = `${lang} ${c.currency} ${c.exponent} ${minor}`;
  const known = parted.get(key);
  if (known) return known;
  const parts = currencies(lang, `${c.currency} ${c.exponent}`).formatToParts(decimal(minor, c.exponent));
  const made = parts.map(({ type, value }) => ({ kind: partKind(type), text: value }));
  if (parted.size >= PARTED_MAX) parted.clear();
  parted.set(key, made);
  return made;
}

function partKind(type: Intl.NumberFormatPartTypes): PricePart['kind'] {
  if (type === 'currency') return 'symbol';
  return type === 'fraction' || type === 'decimal' ? 'fraction' : 'whole';
}
