import { beforeEach, describe, expect, test } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { smallShelf } from '../../tests/kiosk';

let tab: Tab;

beforeEach(async () => {
  tab = await openTab();
  tab.shelf.showCore('a', smallShelf());
});

test.each(['b', 'bl', 'blue', 'MUG', 'mug blue', 'tasse'])('%s finds the blue mug from its first letters', (query) => {
  const { ids, corrected } = tab.search.search(query);

  expect(ids).toContain(1);
  expect(corrected).toBeNull();
});

test.each([
  ['cnadle', 'candle', 2],
  ['beesvax', 'beeswax', 2],
  ['harbuor', 'harbour', 3],
  ['cnad', 'candle', 2],
])('%s is read as %s, and says so', (query, word, id) => {
  expect(tab.search.search(query)).toMatchObject({ ids: [id], corrected: word });
});

test('accents are a matter of taste', async () => {
  const { setLanguage } = await import('./language');
  setLanguage('de');

  expect(tab.search.search('bienenwachskérze').ids).toEqual([2]);
});

test('a scanned code is its product', () => {
  expect(tab.search.search(' 4006381333931 ').ids).toEqual([1]);
});

test('no words: everything as it sells; a category: only its own', () => {
  expect(tab.search.search('').ids).toEqual([2, 1, 3]);
  expect(tab.search.search('', 1)).toMatchObject({ ids: [2, 1, 3], facets: [{ category: 1, count: 3 }] });
  expect(tab.search.search('', 9)).toMatchObject({ ids: [], nearest: [2, 1, 3] });
});

test('nothing fits: the closest there is', () => {
  expect(tab.search.search('xylophone')).toEqual({ ids: [], corrected: null, facets: [], nearest: [2, 1, 3] });
});

test('a new shelf is searched at once', () => {
  expect(tab.search.search('lantern').ids).toEqual([]);
  const core = smallShelf(2);
  core.products.names['en'] = ['Paper lantern', 'Beeswax candle', 'Harbour print'];

  tab.shelf.showCore('b', core);

  expect(tab.search.search('lantern').ids).toEqual([1]);
});

describe('a large shelf', () => {
  test('answers from four thousand products without a pause', () => {
    const core = smallShelf();
    const ids = Array.from({ length: 4000 }, (_, i) => i + 1);
    const column = <T>(value: T): T[] => ids.map(() => value);
    const words = ['candle', 'mug', 'print', 'lamp', 'card', 'bag', 'jar', 'toy'];
    core.products = {
      ...core.products,
      ...{ id: ids, category: column(1), price: column(100), tax: column('standard'), policy: column('shelf') },
      ...{
        availability: column('in_stock'),
        colour: column('#000000'),
        image: column(null),
        barcode: column(null),
        popular: ids,
      },
      names: {
        en: ids.map((id) => `${words[id % 8] ?? ''} number ${id} of ${words[(id >> 3) % 8] ?? ''} kind${id % 700}`),
      },
    };
    tab.shelf.showCore('large', core);
    tab.search.search('warm up');
    const started = performance.now();

    for (const query of ['c', 'can', 'cnadle', 'mug kind6', 'lmap', 'number 77'])
      expect(tab.search.search(query).ids.length).toBeGreaterThan(0);

    expect((performance.now() - started) / 6).toBeLessThan(100);
  });
});
