import { expect, test } from 'vitest';
import { QTY_MAX, step } from './stepper';

test.each([
  [0, 1, 1],
  [1, -1, 0],
  [0, -1, 0],
  [QTY_MAX, 1, QTY_MAX],
  [QTY_MAX - 1, 1, QTY_MAX],
] as const)('%d and a tap of %d make %d', (qty, by, next) => {
  expect(step(qty, by)).toBe(next);
});

test('a lower ceiling holds', () => {
  expect(step(3, 1, 3)).toBe(3);
});
