import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk, smallShelf } from '../../tests/kiosk';
import { browser } from '../../tests/setup';

const table = new Uint8Array(readFileSync(new URL('../../../tests/data/golden_table.bin', import.meta.url)));
const svg = (text: string) =>
  new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg"><text>${text}</text></svg>`);
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let kiosk: Kiosk;
let tab: Tab;

beforeEach(async () => {
  kiosk = new Kiosk().install();
  kiosk.offer('core', 'core', smallShelf());
  kiosk.offer('vectors', 'table', table);
  kiosk.offer('rest', 'texts', { descriptions: { en: { '1': 'Holds tea.' } } });
  tab = await openTab();
});

const states = (): Record<string, string> =>
  Object.fromEntries(tab.hydration.stages.value.map((stage) => [stage.name, stage.state]));
const fetched = (url: string): number => kiosk.calls.filter((call) => call === `GET ${url}`).length;

function offerPictures(): string[] {
  const pictures = ['one', 'two', 'three'].map(svg);
  for (const picture of pictures) kiosk.files.set(`/media/${hash(picture)}`, picture);
  kiosk.offer('pictures', 'pictures', { pictures: pictures.map((picture) => [hash(picture), picture.length]) });
  return pictures.map((picture) => `/media/${hash(picture)}`);
}

test('an empty browser fills up stage by stage, and a second time costs nothing', async () => {
  const urls = offerPictures();
  const seen: string[] = [];
  tab.hydration.stages.subscribe(() => seen.push(JSON.stringify(states())));

  expect(await tab.hydration.hydrate()).toBe(true);

  expect(states()).toEqual({
    shell: 'waiting',
    core: 'done',
    vectors: 'done',
    tokens: 'done',
    pictures: 'done',
    rest: 'done',
  });
  expect(seen.some((moment) => moment.includes('"core":"done","vectors":"loading"'))).toBe(true);
  for (const stage of tab.hydration.stages.value) expect(stage.doneBytes).toBe(stage.totalBytes);
  expect(tab.shelf.products.value.get(2)).toMatchObject({
    priceMinor: 1290,
    names: { en: 'Beeswax candle', de: 'Bienenwachskerze' },
  });
  expect(await tab.shelf.describe(1)).toBe('Holds tea.');
  expect(urls.map(fetched)).toEqual([1, 1, 1]);
  const before = kiosk.calls.length;
  expect(await tab.hydration.hydrate()).toBe(true);
  expect(kiosk.calls.slice(before)).toEqual(['GET /api/seeds']);
});

describe('a download that is cut off', () => {
  /** Cut the body of `url` after `bytes`, so many times. */
  function cut(url: string, bytes: number, times = 1): string[] {
    const place = globalThis.fetch;
    const ranges: string[] = [];
    globalThis.fetch = async (input, init) => {
      const response = await place(input, init);
      if (String(input) !== url) return response;
      ranges.push(new Headers(init?.headers).get('range') ?? 'whole');
      if (ranges.length > times) return response;
      const body = new Uint8Array(await response.arrayBuffer());
      let sent = false;
      const stream = new ReadableStream({
        pull(controller) {
          if (sent) controller.error(new TypeError('network error'));
          else controller.enqueue(body.subarray(0, bytes));
          sent = true;
        },
      });
      return new Response(stream, { status: response.status, headers: response.headers });
    };
    return ranges;
  }

  test('goes on where it stopped, and later stages do not wait for it', async () => {
    const item = kiosk.offer('vectors', 'table', table);
    const ranges = cut(item.url, 1000);

    expect(await tab.hydration.hydrate()).toBe(false);
    expect(states()).toMatchObject({ core: 'done', vectors: 'failed', tokens: 'done', rest: 'done' });
    expect(await tab.hydration.hydrate()).toBe(true);

    expect(ranges).toEqual(['whole', 'bytes=1000-']);
    expect((await tab.files.readTables())[0]?.sha256).toBe(item.sha256);
    expect(await tab.parts.readParts('seeds', item.sha256)).toEqual([]);
  });

  test('starts over when the kiosk gives the whole again', async () => {
    const item = kiosk.offer('vectors', 'table', table);
    cut(item.url, 1000);
    await tab.hydration.hydrate();
    const place = globalThis.fetch;
    globalThis.fetch = (input, init) => place(input, String(input) === item.url ? { ...init, headers: {} } : init);

    expect(await tab.hydration.hydrate()).toBe(true);
  });
});

test('content that is not what its name says is never shown, and fetched anew', async () => {
  await tab.hydration.hydrate();
  const item = kiosk.offer('core', 'core', smallShelf(2, 9999));
  const right = kiosk.files.get(item.url) ?? new Uint8Array();
  const wrong = right.slice();
  wrong[50] = 33;
  kiosk.files.set(item.url, wrong);

  expect(await tab.hydration.hydrate()).toBe(false);
  expect(fetched(item.url)).toBe(2);
  expect(tab.hydration.stages.value.filter((stage) => stage.isSpoilt).map((stage) => stage.name)).toEqual(['core']);
  expect(tab.shelf.book.value).toBe(1);
  expect(tab.shelf.products.value.get(1)?.priceMinor).toBe(450);
  expect(await tab.parts.readParts('seeds', item.sha256)).toEqual([]);

  kiosk.files.set(item.url, right);
  expect(await tab.hydration.hydrate()).toBe(true);
  expect(tab.shelf.products.value.get(1)?.priceMinor).toBe(9999);
  expect(tab.hydration.stages.value.some((stage) => stage.isSpoilt)).toBe(false);
});

test('the beginning of what is no longer offered is let go of', async () => {
  await tab.parts.addPart('seeds', 'f'.repeat(64), 0, new ArrayBuffer(9));

  await tab.hydration.hydrate();

  expect(await tab.parts.readParts('seeds', 'f'.repeat(64))).toEqual([]);
});

test('a table that cannot be read never replaces one that can', async () => {
  await tab.hydration.hydrate();
  kiosk.offer('vectors', 'table', new TextEncoder().encode('not a table, though its hash is right'));

  expect(await tab.hydration.hydrate()).toBe(false);
  expect((await tab.files.readTables())[0]?.sha256).toBe(hash(table));
});

test('a new book is on show everywhere at once', async () => {
  await tab.hydration.hydrate();
  tab.basket.add(1);
  const seen: [number | null, number][] = [];
  tab.basket.totals.subscribe((totals) => seen.push([tab.shelf.book.peek(), totals.totalMinor]));
  kiosk.offer('core', 'core', smallShelf(2, 500));

  await tab.hydration.hydrate();

  expect(seen).toEqual([
    [1, 450],
    [2, 500],
  ]);
});

test('pictures that are missing or not themselves leave the colour, and cost nobody the others', async () => {
  const urls = offerPictures();
  kiosk.files.delete(urls[0] ?? '');
  kiosk.files.set(urls[1] ?? '', svg('something else'));

  expect(await tab.hydration.hydrate()).toBe(true);

  const cache = await caches.open('edgeshop-pictures');
  expect((await cache.keys()).map((request) => new URL(request.url).pathname)).toEqual([urls[2]]);
});

test('pictures stay within their budget', async () => {
  offerPictures();
  browser.quota = 4 * svg('one').length + 100;

  await tab.hydration.hydrate();

  expect(await (await caches.open('edgeshop-pictures')).keys()).toHaveLength(1);
});

test('a full browser gives up pictures, not the shelf', async () => {
  offerPictures();
  await tab.hydration.hydrate();
  kiosk.offer('core', 'core', smallShelf(2));
  const put = IDBObjectStore.prototype.put;
  let isFull = true;
  const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name !== 'shelf' || !isFull) return put.apply(this, args);
    isFull = false;
    throw new DOMException('full', 'QuotaExceededError');
  });

  expect(await tab.hydration.hydrate()).toBe(true);

  spy.mockRestore();
  expect(tab.shelf.book.value).toBe(2);
});

test('what was stored is on show at the next start, without a kiosk', async () => {
  await tab.hydration.hydrate();
  kiosk.fault('/', 'down');

  const next = await openTab();
  expect(next.shelf.shelfState.value).toBe('empty');
  await next.shelf.paintShelf();
  await next.suggest.loadTables();

  expect(next.shelf.shelfState.value).toBe('ready');
  expect(next.shelf.categories.value).toEqual([{ id: 1, slug: 'home', names: { en: 'Home', de: 'Wohnen' }, count: 3 }]);
});

test('without a kiosk it fails quietly and says so', async () => {
  kiosk.fault('/api', 'down');

  await expect(tab.hydration.hydrate()).rejects.toMatchObject({ kind: 'unreachable' });

  expect(tab.shelf.shelfState.value).toBe('empty');
});
