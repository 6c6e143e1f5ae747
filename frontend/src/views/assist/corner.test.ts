import { expect, test } from 'vitest';
import { inCorner } from './corner';

test.each([
  [{ x: 40, y: 40 }, false, true],
  [{ x: 400, y: 40 }, false, false],
  [{ x: 40, y: 400 }, false, false],
  [{ x: 40, y: 40 }, true, false],
  [{ x: 1050, y: 40 }, true, true],
])('%j, right to left %s: %s', (spot, rightToLeft, expected) => {
  expect(inCorner(spot, 1080, rightToLeft)).toBe(expected);
});
