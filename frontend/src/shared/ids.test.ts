import { expect, test } from 'vitest';
import { compareNumbers, parseNumber } from './ids';

test('only the canonical spelling is a receipt number', () => {
  expect(parseNumber('3-12-1-407')).toEqual({ shop: 3, kiosk: 12, epoch: 1, seq: 407 });
  for (const odd of ['3-12-1', '3-12-1-0407', '0-12-1-407', '3-12-1-407 ', '3-12-1-407-1', '3-١٢-1-407', '']) {
    expect(parseNumber(odd)).toBeNull();
  }
});

test('numbers sort by what they count', () => {
  expect(['1-1-1-10', '1-1-1-9', '1-1-2-1'].sort(compareNumbers)).toEqual(['1-1-1-9', '1-1-1-10', '1-1-2-1']);
});
