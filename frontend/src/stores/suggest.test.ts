import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../../tests/data/golden_recommend.json';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk, smallShelf } from '../../tests/kiosk';
import { parseTable } from '../shared/rank';

const table = new Uint8Array(readFileSync(new URL('../../../tests/data/golden_table.bin', import.meta.url))).buffer;
const { modelVersion } = parseTable(table);
const [, one] = golden.cases;
const basket = one?.basket ?? [];

let kiosk: Kiosk;
let tab: Tab;

beforeEach(async () => {
  kiosk = new Kiosk().install();
  kiosk.recommends = { items: [71], model_version: modelVersion };
  tab = await openTab();
});

const stored = async (): Promise<void> => {
  await tab.files.writeTable({ name: 'top', sha256: 'x', bytes: table });
  await tab.suggest.loadTables();
};
const asked = (): number => kiosk.calls.filter((call) => call === 'POST /api/recommendations').length;

test('without a kiosk the table here answers as the kiosk would', async () => {
  await stored();

  const suggestion = await tab.suggest.suggest(basket, 10);

  expect(suggestion).toMatchObject({ items: one?.items, source: 'browser-model', modelVersion });
  expect(suggestion.confidence).toBeGreaterThan(0);
  expect(suggestion.confidence).toBeLessThanOrEqual(one?.confidence ?? 0);
  expect(asked()).toBe(0);
});

test('the kiosk is asked until the table here is known to be as new, and then no more', async () => {
  await stored();
  await tab.connection.probe();

  expect(await tab.suggest.suggest(basket, 10)).toMatchObject({ items: [71], source: 'kiosk-model' });
  expect(await tab.suggest.suggest(basket, 10)).toMatchObject({ items: one?.items, source: 'browser-model' });
  expect(asked()).toBe(1);
});

test('a newer model on the kiosk is asked, whatever is here', async () => {
  await stored();
  await tab.connection.probe();
  kiosk.recommends = { items: [72], model_version: modelVersion + 1 };

  await tab.suggest.suggest(basket, 10);

  expect(await tab.suggest.suggest(basket, 10)).toMatchObject({ items: [72], source: 'kiosk-model' });
});

test('a product that the table here does not know is a question for the kiosk', async () => {
  await stored();
  await tab.connection.probe();
  await tab.suggest.learnModel();

  expect(await tab.suggest.suggest([...basket, 999_999], 10)).toMatchObject({ source: 'kiosk-model' });
});

test('a kiosk that fails leaves it to the table here', async () => {
  await stored();
  await tab.connection.probe();
  kiosk.fault('/api/recommendations', 'error');

  expect(await tab.suggest.suggest(basket, 10)).toMatchObject({ items: one?.items, source: 'browser-model' });
});

test('with neither there is what sells, without the basket', async () => {
  tab.shelf.showCore('a', smallShelf());

  expect(await tab.suggest.suggest([2], 10)).toEqual({
    ...{ items: [1, 3], confidence: 0, source: 'bestsellers', modelVersion: null, featuresAgeS: null },
  });
});

test('what left the shelf is not suggested', async () => {
  await stored();
  const core = smallShelf();
  const [first = 0, second = 0] = one?.items ?? [];
  core.products.id = [first, second, 3];
  tab.shelf.showCore('a', core);

  expect((await tab.suggest.suggest(basket, 2)).items.every((id) => [first, second, 3].includes(id))).toBe(true);
});
