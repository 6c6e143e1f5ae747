import { expect, test } from 'vitest';
import { fold, meant, slips, words } from './spelling';

const vocabulary = new Map([
  ['candle', 9],
  ['candy', 2],
  ['card', 5],
  ['kerze', 3],
  ['شمعه', 4],
]);

test('accents, case and spelling variants fold away', () => {
  expect(fold('Café')).toBe('cafe');
  expect(fold('GRÖSSE')).toBe(fold('größe'));
  expect(fold('شَمْعَة')).toBe('شمعه');
  expect(words('Mug, 300 ml “blue”')).toEqual(['Mug', '300', 'ml', 'blue']);
});

test.each([
  ['cnadle', 'candle'],
  ['candel', 'candle'],
  ['cndle', 'candle'],
  ['cand1e', 'candle'],
  ['kertze', 'kerze'],
  ['cnad', 'candle'],
  ['شمغه', 'شمعه'],
])('%s was meant as %s', (typed, word) => {
  expect(meant(typed, vocabulary)).toBe(word);
});

test('what is like nothing stays unread', () => {
  expect(meant('xylophone', vocabulary)).toBeNull();
  expect(meant('qz', vocabulary)).toBeNull();
});

test('a swap of neighbours is one slip', () => {
  expect(slips('cnadle', 'candle', 2)).toBe(1);
  expect(slips('abc', 'xyz', 2)).toBe(Infinity);
});
