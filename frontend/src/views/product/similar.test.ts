import { expect, test } from 'vitest';
import type { Product } from '../../stores/types';
import { similarTo } from './similar';

const product = (id: number, priceMinor: number, more: Partial<Product> = {}): Product => ({
  id,
  category: 1,
  names: {},
  priceMinor,
  taxClass: 'standard',
  policy: 'shelf',
  availability: 'in_stock',
  colour: '#cccccc',
  image: null,
  barcode: null,
  ...more,
});

test('neighbours come nearest in price first, what must be asked for last, other shelves never', () => {
  const all = [
    product(1, 1000),
    product(2, 3000),
    product(3, 1100),
    product(4, 1000, { category: 2 }),
    product(5, 1000, { availability: 'ask_staff' }),
    product(6, 900),
  ];

  expect(similarTo(product(1, 1000), new Map(all.map((one) => [one.id, one])))).toEqual([3, 6, 2, 5]);
});
