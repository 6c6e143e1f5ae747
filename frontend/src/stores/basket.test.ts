import { beforeEach, expect, test } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { smallShelf } from '../../tests/kiosk';

let tab: Tab;

beforeEach(async () => {
  tab = await openTab();
  tab.shelf.showCore('a', smallShelf());
  tab.basket.startBasket();
});

const lines = () => tab.basket.lines.value.map(({ productId, qty }) => [productId, qty]);

test('adding twice is one line of two, priced with tax', () => {
  tab.basket.add(1);
  tab.basket.add(3);
  tab.basket.add(1);

  expect(lines()).toEqual([
    [1, 2],
    [3, 1],
  ]);
  expect(tab.basket.count.value).toBe(3);
  expect(tab.basket.totals.value).toEqual({
    totalMinor: 3400,
    taxMinor: 308,
    taxByRate: { '700': 164, '1900': 144 },
    lineTotals: [900, 2500],
  });
});

test('what the shop does not sell cannot be added', () => {
  tab.basket.add(99);

  expect(lines()).toEqual([]);
});

test('a removed line comes back to its place, once', () => {
  for (const id of [1, 2, 3]) tab.basket.add(id);
  tab.basket.setQty(2, 4);

  tab.basket.setQty(2, 0);
  expect(tab.basket.canUndo.value).toEqual({ productId: 2, qty: 4 });
  tab.basket.undo();
  tab.basket.undo();

  expect(lines()).toEqual([
    [1, 1],
    [2, 4],
    [3, 1],
  ]);
  expect(tab.basket.canUndo.value).toBeNull();
});

test('what is added after a removal ends the chance to undo it', () => {
  tab.basket.add(1);
  tab.basket.remove(1);
  tab.basket.add(2);

  expect(tab.basket.canUndo.value).toBeNull();
});

test('quantities stay whole and within reason', () => {
  tab.basket.add(1);
  tab.basket.setQty(1, 1e9);
  expect(lines()).toEqual([[1, 999]]);
  tab.basket.setQty(1, 2.7);
  expect(lines()).toEqual([[1, 2]]);
});

test('a reload keeps the basket; a shopper who leaves takes it along', async () => {
  tab.basket.add(2);

  const reloaded = await openTab();
  reloaded.shelf.showCore('a', smallShelf());
  reloaded.basket.startBasket();
  expect(reloaded.basket.lines.value).toEqual([{ productId: 2, qty: 1 }]);

  reloaded.basket.wipe();
  const next = await openTab();
  next.basket.startBasket();
  expect(next.basket.lines.value).toEqual([]);
});

test('nonsense in the session storage is an empty basket', async () => {
  for (const odd of ['{', '7', '[{"productId":"x","qty":1}]', '[{"productId":1,"qty":-1}]', '[null]']) {
    sessionStorage.setItem('edgeshop.basket', odd);
    const next = await openTab();
    next.basket.startBasket();
    expect(next.basket.lines.value).toEqual([]);
  }
});

test('what left the shelf leaves the basket', () => {
  tab.basket.add(1);
  tab.basket.add(3);
  const core = smallShelf(2);
  core.products.id[2] = 30;

  tab.shelf.showCore('b', core);

  expect(lines()).toEqual([[1, 1]]);
});
