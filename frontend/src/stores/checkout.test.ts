import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk, smallShelf, verified } from '../../tests/kiosk';
import { atRest, browser } from '../../tests/setup';

let kiosk: Kiosk;

beforeEach(() => {
  kiosk = new Kiosk().install();
  kiosk.offer('core', 'core', smallShelf());
});

/** A tab with a shelf, tokens and two mugs in its basket. */
async function ready(): Promise<Tab> {
  const tab = await openTab();
  await tab.connection.probe();
  expect(await tab.hydration.hydrate()).toBe(true);
  await tab.outbox.startOutbox();
  tab.basket.add(1);
  tab.basket.add(1);
  return tab;
}

async function again(): Promise<Tab> {
  const tab = await openTab();
  await tab.shelf.paintShelf();
  await tab.outbox.startOutbox();
  return tab;
}

describe('while the kiosk answers', () => {
  test('the order is placed once, signed over exactly what was shown, and the basket is empty', async () => {
    const tab = await ready();

    const result = await tab.checkout.pay('card');

    expect(result).toMatchObject({
      kind: 'done',
      slip: { number: '1-1-1-1', state: 'confirmed', totalMinor: 900, taxMinor: 144, currency: 'EUR' },
    });
    expect(tab.basket.lines.value).toEqual([]);
    expect(tab.orders.slips.value.map((slip) => slip.number)).toEqual(['1-1-1-1']);
    const [row] = (await tab.db.readOutbox()).outbox;
    const { header, claims } = await verified(row?.order ?? '');
    expect(header.typ).toBe('order+jws');
    expect(claims).toMatchObject({
      rn: '1-1-1-1',
      book: 1,
      lines: [[1, 2, 450]],
      total: 900,
      tender: 'card',
      lang: 'en',
    });
  });

  test('the tokens are filled up again after the sale', async () => {
    const tab = await ready();

    await tab.checkout.pay('card');

    await vi.waitFor(async () => {
      expect((await tab.db.readOutbox()).tokens.map((held) => held.number)).toEqual(['1-1-1-2', '1-1-1-3', '1-1-1-4']);
    });
  });

  test('a second tap while paying is the same payment', async () => {
    const tab = await ready();

    const [first, second] = await Promise.all([tab.checkout.pay('card'), tab.checkout.pay('cash')]);

    expect(first).toBe(second);
    expect(kiosk.orders.size).toBe(1);
  });

  test('nothing changes the basket between Pay and the slip', async () => {
    const tab = await ready();

    const paid = tab.checkout.pay('card');
    tab.basket.add(2);
    const result = await paid;

    expect(result).toMatchObject({
      kind: 'done',
      slip: { lines: [{ productId: 1, qty: 2, name: 'Blue mug', totalMinor: 900 }] },
    });
    expect(tab.basket.lines.value).toEqual([]);
  });

  test('a refusal sells nothing, keeps the basket, and its number is reported and never used again', async () => {
    const tab = await ready();
    kiosk.refusal = { code: 'checkout.stock_short', fields: { product_id: 1, available: 1 } };

    const refused = await tab.checkout.pay('card');
    kiosk.refusal = null;
    const next = await tab.checkout.pay('card');

    expect(refused).toEqual({ kind: 'refused', code: 'checkout.stock_short', fields: { product_id: 1, available: 1 } });
    expect(next).toMatchObject({ kind: 'done', slip: { number: '1-1-1-2', lines: [{ qty: 2 }] } });
    expect([...kiosk.orders.keys()]).toEqual(['1-1-1-2']);
    await vi.waitFor(() => {
      expect(kiosk.unspent).toContain('1-1-1-1');
    });
  });

  test('when the price has changed, the new one is on show before the shopper is asked', async () => {
    const tab = await ready();
    kiosk.book = 2;
    kiosk.offer('core', 'core', smallShelf(2, 500));
    kiosk.refusal = { code: 'checkout.price_changed', fields: { total_minor: 1000 } };

    const result = await tab.checkout.pay('card');

    expect(result).toEqual({ kind: 'refused', code: 'checkout.price_changed', fields: { total_minor: 1000 } });
    expect(tab.basket.totals.value.totalMinor).toBe(1000);
    kiosk.refusal = null;
    expect(await tab.checkout.pay('card')).toMatchObject({ kind: 'done', slip: { totalMinor: 1000 } });
  });

  test('a token that the kiosk no longer takes is exchanged for the next without troubling the shopper', async () => {
    const tab = await ready();
    kiosk.refusal = { code: 'checkout.token_invalid' };
    const place = globalThis.fetch;
    let calls = 0;
    globalThis.fetch = (input, init) => {
      if (String(input) === '/api/orders' && (calls += 1) === 2) kiosk.refusal = null;
      return place(input, init);
    };

    expect(await tab.checkout.pay('card')).toMatchObject({ kind: 'done', slip: { number: '1-1-1-2' } });
  });

  test('above the token’s limit the kiosk decides; without it nothing is promised', async () => {
    kiosk.tokenLimit = 100;
    const tab = await ready();

    expect(await tab.checkout.pay('card')).toMatchObject({ kind: 'done', slip: { totalMinor: 900 } });
    tab.basket.add(1);
    kiosk.fault('/api', 'down');
    expect(await tab.checkout.pay('card')).toMatchObject({ kind: 'refused', code: 'checkout.limit_exceeded' });
    expect(tab.orders.slips.value).toHaveLength(1);
  });
});

describe('while the screen is on its own', () => {
  test('the shopper leaves with a provisional slip, and the order is handed over when the kiosk is back', async () => {
    const tab = await ready();
    kiosk.fault('/api', 'down');

    const result = await tab.checkout.pay('cash');

    expect(result).toMatchObject({
      kind: 'provisional',
      slip: { number: '1-1-1-1', state: 'provisional', receiptKey: null },
    });
    await atRest();
    expect([tab.orders.unsent.value, tab.orders.unsentMinor.value]).toEqual([1, 900]);
    kiosk.heal();
    await tab.orders.flush();
    expect(tab.orders.slips.value[0]).toMatchObject({ state: 'confirmed', receiptKey: 'key-1-1-1-1' });
    expect(tab.orders.unsent.value).toBe(1);
  });

  test.each(['hangs', 'captive', 'error'] as const)('a link that %s is no answer', async (fault) => {
    const tab = await ready();
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const deadlines: number[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      deadlines.push(ms);
      return timeout(20);
    });
    kiosk.fault('/api/orders', fault);

    expect(await tab.checkout.pay('cash')).toMatchObject({ kind: 'provisional' });
    expect(deadlines[0]).toBe(3000);
    await atRest();
    vi.restoreAllMocks();
  });

  test('a lost answer, then the handing over: one order, the same bytes, the same number', async () => {
    const tab = await ready();
    kiosk.fault('/api/orders', 'lost_answer');

    const result = await tab.checkout.pay('card');
    await atRest();
    kiosk.heal();
    await tab.orders.flush();

    expect(result.kind).toBe('provisional');
    expect(kiosk.orders.size).toBe(1);
    expect(kiosk.orders.get('1-1-1-1')?.times).toBeGreaterThanOrEqual(2);
    expect(tab.orders.slips.value).toMatchObject([
      { number: '1-1-1-1', state: 'confirmed', receiptKey: 'key-1-1-1-1' },
    ]);
  });

  test('what may be the last one is not promised', async () => {
    const tab = await ready();
    tab.basket.add(3);
    kiosk.fault('/api', 'down');

    const result = await tab.checkout.pay('cash');

    expect(result).toEqual({ kind: 'refused', code: 'checkout.stock_short', fields: { product_id: 3, available: 0 } });
    expect((await tab.db.readOutbox()).tokens).toHaveLength(3);
  });

  test('without a token there is no sale, and the basket stays', async () => {
    const tab = await ready();
    kiosk.fault('/api', 'down');
    for (let i = 0; i < 3; i += 1) {
      await tab.checkout.pay('cash');
      tab.basket.add(2);
    }

    const result = await tab.checkout.pay('cash');

    expect(result).toMatchObject({ kind: 'refused', code: 'checkout.no_token' });
    expect(tab.basket.count.value).toBe(1);
    expect(tab.checkout.tokensLeft.value).toBe(0);
  });
});

describe('the bytes stay until the cloud has them', () => {
  test.each(['acknowledged', 'settled'] as const)('%s lets them go', async (delivery) => {
    const tab = await ready();
    await tab.checkout.pay('card');
    await atRest();
    await tab.orders.flush();
    expect(tab.orders.unsent.value).toBe(1);
    const order = kiosk.orders.get('1-1-1-1');
    if (order) order.answer.delivery = delivery;

    await tab.orders.flush();

    expect(tab.orders.unsent.value).toBe(0);
    expect(tab.orders.slips.value[0]?.state).toBe(delivery);
  });

  test('a kiosk that lost the order to a restore gets it again', async () => {
    const tab = await ready();
    await tab.checkout.pay('card');
    await atRest();
    kiosk.orders.clear();

    await tab.orders.flush();
    await tab.orders.flush();

    expect([...kiosk.orders.keys()]).toEqual(['1-1-1-1']);
  });
});

describe('the browser dies', () => {
  test('before the order is written: nothing happened', async () => {
    const tab = await ready();
    vi.spyOn(crypto.subtle, 'sign').mockReturnValue(new Promise(() => undefined));
    void tab.checkout.pay('card');
    await vi.waitFor(() => {
      expect(crypto.subtle.sign).toHaveBeenCalled();
    });
    vi.restoreAllMocks();

    browser.crash();
    const next = await again();
    await next.checkout.resumePayments();

    expect(kiosk.orders.size).toBe(0);
    expect(next.checkout.tokensLeft.value).toBe(3);
    expect(next.orders.slips.value).toEqual([]);
  });

  test.each(['hangs', 'lost_answer'] as const)(
    'while the kiosk’s answer is out (%s): the next start ends it, once',
    async (fault) => {
      const tab = await ready();
      const place = globalThis.fetch;
      globalThis.fetch = async (input, init) => {
        if (String(input) !== '/api/orders') return place(input, init);
        if (fault === 'lost_answer') await place(input, init);
        return new Promise<Response>(() => undefined);
      };
      void tab.checkout.pay('card');
      await vi.waitFor(async () => {
        expect((await tab.db.readOutbox()).outbox).toHaveLength(1);
      });
      await new Promise((resolve) => setTimeout(resolve, 20));

      browser.crash();
      globalThis.fetch = place;
      const next = await again();
      await next.checkout.resumePayments();
      await next.orders.flush();

      expect([...kiosk.orders.keys()]).toEqual(['1-1-1-1']);
      expect(next.orders.slips.value).toMatchObject([{ number: '1-1-1-1', state: 'confirmed' }]);
    },
  );

  test('while nobody answers: the next start gives the slip that was due', async () => {
    const tab = await ready();
    const place = globalThis.fetch;
    globalThis.fetch = (input, init) =>
      String(input) === '/api/orders' ? new Promise(() => undefined) : place(input, init);
    void tab.checkout.pay('card');
    await vi.waitFor(async () => {
      expect((await tab.db.readOutbox()).outbox).toHaveLength(1);
    });

    browser.crash();
    globalThis.fetch = place;
    kiosk.fault('/api', 'down');
    const next = await again();
    await next.checkout.resumePayments();

    expect(next.orders.slips.value).toMatchObject([{ number: '1-1-1-1', state: 'provisional' }]);
    kiosk.heal();
    await next.orders.flush();
    expect([...kiosk.orders.keys()]).toEqual(['1-1-1-1']);
  });

  test('another tab’s payment under way is left to that tab', async () => {
    const tab = await ready();
    const place = globalThis.fetch;
    let answer: (response: Response) => void = () => undefined;
    globalThis.fetch = (input, init) =>
      String(input) === '/api/orders' ? new Promise((resolve) => (answer = resolve)) : place(input, init);
    const paid = tab.checkout.pay('card');
    await vi.waitFor(async () => {
      expect((await tab.db.readOutbox()).outbox).toHaveLength(1);
    });

    const other = await again();
    await other.checkout.resumePayments();
    expect(other.orders.slips.value).toEqual([]);

    globalThis.fetch = place;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const row = (await tab.db.readOutbox()).outbox[0];
    answer(
      await place('/api/orders', { method: 'POST', body: JSON.stringify({ order: row?.order, slip_shown: false }) }),
    );
    expect(await paid).toMatchObject({ kind: 'done' });
    expect(kiosk.orders.size).toBe(1);
  });
});

test('two tabs that pay at once place two orders on two tokens', async () => {
  const one = await ready();
  const two = await again();
  two.basket.clear();
  two.basket.add(2);

  const results = await Promise.all([one.checkout.pay('card'), two.checkout.pay('card')]);

  expect(results.map((result) => result.kind)).toEqual(['done', 'done']);
  expect([...kiosk.orders.keys()].sort()).toEqual(['1-1-1-1', '1-1-1-2']);
});

test('site data wiped: committed orders are safe on the kiosk, and the browser fills itself again', async () => {
  const tab = await ready();
  await tab.checkout.pay('card');
  await atRest();

  browser.wipe();
  const next = await openTab();
  await next.connection.probe();
  expect(await next.hydration.hydrate()).toBe(true);
  await next.outbox.startOutbox();

  expect([...kiosk.orders.keys()]).toEqual(['1-1-1-1']);
  expect(next.shelf.products.value.size).toBe(3);
  expect(next.checkout.tokensLeft.value).toBe(3);
  next.basket.add(2);
  expect(await next.checkout.pay('card')).toMatchObject({ kind: 'done' });
  expect(kiosk.orders.size).toBe(2);
});
