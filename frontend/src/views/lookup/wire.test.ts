import { afterEach, expect, test, vi } from 'vitest';
import { fetchReceipt, readReceipt } from './wire';

const wire = {
  number: '3-7-1-000418',
  state: 'acknowledged',
  shop: { id: 3, name: 'Linden & Lark', exponent: 2, inclusive: true },
  currency: 'EUR',
  placed_at: '2026-11-23T10:58:00Z',
  lines: [
    { product_id: 104, name: 'Mug', qty: 2, unit_minor: 1990, discount_minor: 0, total_minor: 3980, rate_bp: 1900 },
  ],
  tax_minor: 635,
  total_minor: 3980,
};

afterEach(() => vi.unstubAllGlobals());

test('a receipt is read as the kiosk tells it', () => {
  expect(readReceipt(wire)).toEqual({
    number: '3-7-1-000418',
    shop: 'Linden & Lark',
    currency: 'EUR',
    exponent: 2,
    inclusive: true,
    placedAt: Date.UTC(2026, 10, 23, 10, 58),
    totalMinor: 3980,
    taxMinor: 635,
    state: 'confirmed',
    lines: [{ name: 'Mug', qty: 2, totalMinor: 3980 }],
  });
});

test.each(['review', 'void'] as const)('%s stays what it is', (state) => {
  expect(readReceipt({ ...wire, state })?.state).toBe(state);
});

test.each([null, 'text', [], {}, { number: '', lines: [] }, { number: '1', lines: 'none' }])(
  '%j is no receipt',
  (value) => {
    expect(readReceipt(value)).toBeNull();
  },
);

test('a receipt nobody can be asked for is simply not here', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));

  expect(await fetchReceipt('key')).toBeNull();
});

test('the key is asked for as it is written', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(Response.json(wire));
  });

  expect((await fetchReceipt('a/b'))?.number).toBe('3-7-1-000418');
  expect(asked).toEqual(['/api/receipts/a%2Fb']);
});
