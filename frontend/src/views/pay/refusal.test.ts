import { expect, test } from 'vitest';
import { readRefusal } from './refusal';

test.each([
  ['checkout.limit_exceeded', {}, { kind: 'limit' }],
  ['checkout.tender_refused', {}, { kind: 'tender' }],
  ['checkout.price_changed', { total_minor: 5230 }, { kind: 'price', totalMinor: 5230 }],
  ['checkout.price_changed', { total_minor: 'a lot' }, { kind: 'other' }],
  ['checkout.stock_short', { product_id: 12, available: 3 }, { kind: 'stock', productId: 12, available: 3 }],
  ['checkout.stock_short', { product_id: 12 }, { kind: 'stock', productId: 12, available: 0 }],
  ['checkout.stock_short', { available: 3 }, { kind: 'other' }],
  ['checkout.token_invalid', {}, { kind: 'other' }],
  ['something.new', { total_minor: 1 }, { kind: 'other' }],
])('%s with %j is %j', (code, fields, refusal) => {
  expect(readRefusal(code, fields)).toEqual(refusal);
});
