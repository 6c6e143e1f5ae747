import { expect, test } from 'vitest';
import { nextStep, standing } from './standing';

test.each([
  ['provisional', 'follows'],
  ['confirmed', 'confirmed'],
  ['acknowledged', 'confirmed'],
  ['settled', 'confirmed'],
  ['review', 'check'],
] as const)('%s reads as %s', (state, word) => {
  expect(standing(state)).toBe(word);
});

test.each([
  ['card', 'confirmed', 'receipt.take'],
  ['card', 'provisional', 'receipt.show_counter'],
  ['card', 'review', 'receipt.show_counter'],
  ['invoice', 'settled', 'receipt.invoice'],
  ['cash', 'confirmed', 'receipt.pay_counter'],
  ['counter', 'provisional', 'receipt.pay_counter'],
] as const)('paid by %s and %s: %s', (tender, state, next) => {
  expect(nextStep({ tender, state })).toBe(next);
});
