import { beforeAll, describe, expect, test } from 'vitest';
import { ar } from './ar';
import { de } from './de';
import { en, type Key, type Messages } from './en';
import { decimal, formatPrice, formatRate, loadLanguage, locales, priceParts, translate, type Lang } from './index';

const catalogues: Record<Lang, Messages> = { en, de, ar };
const languages: Lang[] = ['en', 'de', 'ar'];
const euro = { currency: 'EUR', exponent: 2 };
const keys = Object.keys(en) as Key[];

const forms = (message: Messages[Key]): string[] =>
  typeof message === 'string' ? [message] : Object.values<string>({ ...message });
const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
const plainSpaces = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f\u061c]/g, '');

beforeAll(async () => {
  await Promise.all(languages.map(loadLanguage));
});

describe('prices', () => {
  test.each([
    ['en', 1490, '€14.90'],
    ['de', 1490, '14,90 €'],
    ['ar', 1490, '14.90 €'],
    ['en', 123456789, '€1,234,567.89'],
    ['de', 123456789, '1.234.567,89 €'],
    ['en', 5, '€0.05'],
    ['en', 0, '€0.00'],
    ['en', -250, '-€2.50'],
  ] as const)('are written as %s writes %d', (lang, minor, text) => {
    expect(plainSpaces(formatPrice(lang, minor, euro))).toBe(text);
  });

  test.each([
    ['JPY', 0, 1500, '¥1,500'],
    ['KWD', 3, 1500, 'KWD 1.500'],
  ])('in %s have %d places', (currency, exponent, minor, text) => {
    expect(plainSpaces(formatPrice('en', minor, { currency, exponent }))).toBe(text);
  });

  test('keep every digit beyond what a float holds', () => {
    expect(decimal(9_007_199_254_740_991, 2)).toBe('90071992547409.91');
    expect(plainSpaces(formatPrice('en', 9_007_199_254_740_991, euro))).toBe('€90,071,992,547,409.91');
  });

  test('in parts read as the whole', () => {
    for (const lang of languages)
      expect(
        priceParts(lang, 123450, euro)
          .map((part) => part.text)
          .join(''),
      ).toBe(formatPrice(lang, 123450, euro));
  });

  test('name the currency sign and the small change', () => {
    expect(priceParts('en', 1490, euro)).toEqual([
      { kind: 'symbol', text: '€' },
      { kind: 'whole', text: '14' },
      { kind: 'fraction', text: '.' },
      { kind: 'fraction', text: '90' },
    ]);
  });

  test('rates come from basis points', () => {
    expect(plainSpaces(formatRate('en', 1900))).toBe('19%');
    expect(plainSpaces(formatRate('de', 750))).toBe('7,5 %');
  });
});

describe('plurals', () => {
  test.each([
    ['en', 0, 'Nothing yet'],
    ['en', 1, '1 item'],
    ['en', 2, '2 items'],
    ['ar', 1, 'قطعة واحدة'],
    ['ar', 2, 'قطعتان'],
    ['ar', 5, '5 قطع'],
    ['ar', 11, '11 قطعة'],
    ['ar', 102, '102 قطعة'],
  ] as const)('in %s count %d', (lang, n, text) => {
    expect(translate(lang, 'basket.count', { n })).toBe(text);
  });

  test.each(languages)('in %s have every form the language asks for', (lang) => {
    const asked = new Intl.PluralRules(locales[lang]).resolvedOptions().pluralCategories;
    for (const key of keys) {
      const message = catalogues[lang][key];
      if (typeof message === 'string' || lang !== 'ar') continue;
      const missing = asked.filter((form) => form !== 'zero' && message[form] === undefined);
      expect([key, missing]).toEqual([key, []]);
    }
  });
});

describe('words', () => {
  test.each(languages)('in %s hold the same values as the English', (lang) => {
    for (const key of keys) {
      const known = new Set(forms(en[key]).flatMap(names));
      for (const text of forms(catalogues[lang][key]))
        expect([key, names(text).filter((name) => !known.has(name))]).toEqual([key, []]);
    }
  });

  test.each(languages)('in %s never speak of the network', (lang) => {
    const forbidden = /\b(offline|online|sync\w*|server|cache\w*|token|error|fehler|http)\b|!/i;
    const shown = keys.flatMap((key) => forms(catalogues[lang][key]));
    expect(shown.filter((text) => forbidden.test(text))).toEqual([]);
  });

  test('put values in and write numbers as the language does', () => {
    expect(translate('en', 'search.corrected', { corrected: 'candle', query: 'cnadle' })).toBe(
      'Showing candle for cnadle',
    );
    expect(translate('de', 'shelf.products', { n: 3930 })).toBe('3.930 Artikel');
  });
});
