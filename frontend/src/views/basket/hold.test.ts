import { expect, test } from 'vitest';
import { packBasket, unpackBasket } from './hold';

test('a basket comes back from its code', () => {
  const lines = [
    { productId: 104, qty: 2 },
    { productId: 9, qty: 99 },
  ];

  expect(packBasket(lines)).toBe('104x2.9x99');
  expect(unpackBasket(packBasket(lines))).toEqual(lines);
});

test.each(['', 'x', '0x1', '4x0', '4x100', '-4x1', '4x1x1', '<b>4x1</b>', '99999999999x1'])(
  '"%s" holds nothing',
  (text) => {
    expect(unpackBasket(text)).toEqual([]);
  },
);

test('a long text is read up to a limit', () => {
  expect(unpackBasket(Array.from({ length: 500 }, (_, i) => `${i + 1}x1`).join('.'))).toHaveLength(60);
});
