import { describe, expect, test } from 'vitest';
import vectors from '../../../tests/data/money_vectors.json';
import { halfUp, priceBasket, prorate } from './money';

describe('worked examples shared with Python', () => {
  test.each(vectors.half_up)('halfUp($n / $d) is $want', ({ n, d, want }) => {
    expect(halfUp(n, d)).toBe(want);
  });

  test.each(vectors.prorate)('prorate $amount over $weights', ({ amount, weights, want }) => {
    expect(prorate(amount, weights)).toEqual(want);
  });

  test.each(vectors.basket)('$why', ({ lines, discount_minor, inclusive, want }) => {
    const asked = lines.map(([qty = 0, unitMinor = 0, rateBp = 0]) => ({ qty, unitMinor, rateBp }));

    expect(priceBasket(asked, discount_minor, inclusive)).toEqual({
      lineTotals: want.line_totals,
      discounts: want.discounts,
      netMinor: want.net_minor,
      taxByRate: want.tax_by_rate,
      taxMinor: want.tax_minor,
      totalMinor: want.total_minor,
    });
  });
});

test('a divisor that is not positive and an amount with nothing to carry it are refused', () => {
  expect(() => halfUp(1, 0)).toThrow(RangeError);
  expect(() => prorate(5, [0, 0])).toThrow(RangeError);
  expect(() => prorate(5, [-1, 2])).toThrow(RangeError);
});
