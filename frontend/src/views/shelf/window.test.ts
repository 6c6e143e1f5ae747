import { expect, test } from 'vitest';
import { rowsInView, sameSpans } from './window';

const grid = { top: 0, rows: 100, pitch: 200 };

test.each([
  [0, 1000, 0, 5],
  [1000, 2000, 5, 10],
  [950, 1010, 4, 6],
  [-5000, -1000, 0, 0],
  [30_000, 40_000, 100, 100],
  [19_900, 40_000, 99, 100],
])('a view from %d to %d needs rows %d to %d', (from, to, first, end) => {
  expect(rowsInView(grid, from, to)).toEqual({ first, end });
});

test('rows that lie above the view are counted from the top of their grid', () => {
  expect(rowsInView({ top: -4000, rows: 100, pitch: 200 }, 0, 400)).toEqual({ first: 20, end: 22 });
});

test('before anything is measured every row is wanted', () => {
  expect(rowsInView({ top: 0, rows: 7, pitch: 0 }, 0, 100)).toEqual({ first: 0, end: 7 });
});

test('spans are the same only when all of them are', () => {
  expect(sameSpans([{ first: 0, end: 2 }], [{ first: 0, end: 2 }])).toBe(true);
  expect(sameSpans([{ first: 0, end: 2 }], [{ first: 0, end: 3 }])).toBe(false);
  expect(sameSpans([{ first: 0, end: 2 }], [])).toBe(false);
});
