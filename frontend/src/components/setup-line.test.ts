import { expect, test } from 'vitest';
import { share } from './setup-line';

test.each([
  ['waiting', 0, 100, 0],
  ['loading', 25, 100, 0.25],
  ['loading', 100, 100, 0.97],
  ['loading', 0, 0, 0],
  ['failed', 50, 100, 0.5],
  ['done', 0, 0, 1],
] as const)('%s at %d of %d is %d', (state, doneBytes, totalBytes, expected) => {
  expect(share({ name: 'core', state, doneBytes, totalBytes })).toBe(expected);
});
