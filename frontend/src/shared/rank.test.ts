import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import golden from '../../../tests/data/golden_recommend.json';
import { ageFactor, itemOf, parseTable, rank } from './rank';

const file = readFileSync(new URL('../../../tests/data/golden_table.bin', import.meta.url));
const bytes = (): ArrayBuffer => new Uint8Array(file).buffer;
const table = parseTable(bytes());

test.each(golden.cases)('$name: the kiosk’s ten, in its order', ({ basket, k, items, scored, confidence }) => {
  const ranking = rank(table, basket, k);

  expect(ranking.items).toEqual(items);
  expect(ranking.scored).toBe(scored);
  expect(Math.abs(ranking.confidence - confidence)).toBeLessThan(1e-4);
});

test('the basket itself is never suggested, however long the answer', () => {
  const basket = [...table.productIds.slice(0, 25)];

  const { items } = rank(table, basket, table.rows);

  expect(items.filter((id) => basket.includes(id))).toEqual([]);
  expect(new Set(items).size).toBe(table.rows - 25);
});

test('an unknown product has no row', () => {
  expect(itemOf(table, table.productIds[3] ?? 0)).toBe(3);
  expect(itemOf(table, -1)).toBe(-1);
});

test('a file that is cut short, of another form, or no table is refused', () => {
  const otherForm = bytes();
  new DataView(otherForm).setUint8(4, 2);

  for (const odd of [bytes().slice(0, -4), new ArrayBuffer(8), otherForm, new ArrayBuffer(64)]) {
    expect(() => parseTable(odd)).toThrow(RangeError);
  }
});

test('confidence fades with the weeks and never grows', () => {
  expect(ageFactor(0)).toBe(1);
  expect(ageFactor(-5)).toBe(1);
  expect(ageFactor(7 * 24 * 3600)).toBeCloseTo(0.985, 10);
});
