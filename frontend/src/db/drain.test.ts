import { beforeEach, expect, test } from 'vitest';
import { browser } from '../../tests/setup';
import { contentSha256 } from '../shared/content';
import type { OutboxState } from '../shared/outbox-core';
import { drain, learnStandings } from './drain';
import { readOutbox, takeEvent } from './outbox';
import { closeDatabase } from './schema';

type Reply = (order: string) => Response | Promise<Response>;

const taken: string[] = [];
let reply: Reply;

const accept: Reply = (order) =>
  Response.json({
    ...{
      number: order.replace('order-', '1-1-1-'),
      order_id: '',
      delivery: 'committed',
      payment: 'due',
      handover: 'open',
    },
    ...{ review: null, total_minor: 100, currency: 'EUR', receipt_key: `key-${order}`, placed_at: 0 },
  });

beforeEach(async () => {
  await closeDatabase();
  taken.length = 0;
  reply = accept;
  globalThis.fetch = async (_, init) => {
    const { order } = JSON.parse(String(init?.body)) as { order: string };
    taken.push(order);
    return reply(order);
  };
  for (let n = 1; n <= 5; n += 1) {
    const number = `1-1-1-${n}`;
    const token = { number, token: 't', jkt: 'k', maxMinor: 5000, book: 1, expiresAt: 9e9 };
    await takeEvent({ kind: 'tokens', tokens: [token], released: [] });
    await takeEvent({
      kind: 'pay',
      number,
      order: `order-${n}`,
      sha256: n === 2 ? 'hash-2' : null,
      totalMinor: 100,
      book: 1,
      withKiosk: false,
      at: n,
      details: null,
    });
    if (n < 5) await takeEvent({ kind: 'slip_shown', number });
  }
});

const waiting = ({ outbox }: OutboxState) => outbox.filter((row) => row.delivery === 'unsent').map((row) => row.order);

test('everything shown to a shopper is handed over, oldest first; a payment under way is left to its page', async () => {
  expect(await drain(100)).toEqual({ sent: 4, left: 1 });

  expect(taken).toEqual(['order-1', 'order-2', 'order-3', 'order-4']);
  expect(waiting(await readOutbox())).toEqual(['order-5']);
  expect((await readOutbox()).outbox).toHaveLength(5);
});

test('one bad order does not hold up the others, and is kept for a person', async () => {
  reply = (order) =>
    order === 'order-2'
      ? Response.json({ code: 'checkout.envelope_invalid', retry: 'never', fields: {} }, { status: 422 })
      : accept(order);

  expect(await drain(100)).toEqual({ sent: 3, left: 2 });

  const bad = (await readOutbox()).outbox.find((row) => row.order === 'order-2');
  expect(bad).toMatchObject({ attempts: 1, notBefore: 102, problem: 'checkout.envelope_invalid' });
  taken.length = 0;
  await drain(101);
  expect(taken).toEqual([]);
  await drain(102);
  expect(taken).toEqual(['order-2']);
});

test('a kiosk that is silent is left alone until the next occasion', async () => {
  reply = () => Promise.reject(new TypeError('down'));

  expect(await drain(100)).toEqual({ sent: 0, left: 5 });

  expect(taken).toEqual(['order-1']);
  expect((await readOutbox()).outbox[0]?.attempts).toBe(0);
});

test('a kiosk that only fails is left alone after a few', async () => {
  reply = () => new Response('', { status: 503 });

  await drain(100);

  expect(taken).toEqual(['order-1', 'order-2', 'order-3']);
});

test('an answer about another order is none', async () => {
  reply = () => accept('order-9');

  expect(await drain(100)).toEqual({ sent: 0, left: 5 });
});

test('two at once: one hands over', async () => {
  const [one, two] = await Promise.all([drain(100), drain(100)]);

  expect([one, two].filter((outcome) => outcome === null)).toHaveLength(1);
  expect(taken).toHaveLength(4);
  expect(browser.locks.isIdle).toBe(true);
});

test('where an order stands is asked by what it says; an answer about another content hands it over again', async () => {
  await drain(100);
  const asked: unknown[] = [];
  globalThis.fetch = (_, init) => {
    asked.push(JSON.parse(String(init?.body)));
    const { numbers } = asked[0] as { numbers: string[] };
    const none = { known: false, delivery: null, payment: null, handover: null, review: null };
    return Promise.resolve(Response.json({ orders: numbers.map((number) => ({ number, ...none })) }));
  };

  await learnStandings();

  const numbers = ['1-1-1-1', '1-1-1-2', '1-1-1-3', '1-1-1-4'];
  expect(asked).toEqual([{ numbers, contents: { '1-1-1-2': 'hash-2' } }]);
  expect(waiting(await readOutbox())).toEqual(['order-1', 'order-2', 'order-3', 'order-4', 'order-5']);
});

test('an order of an earlier release is asked for by the bytes that are still here', async () => {
  const said = {
    rn: '1-1-1-9',
    token: 't',
    book: 1,
    lines: [[1, 1, 100]],
    total: 100,
    tender: 'cash',
    at: 9,
    lang: '',
  };
  const order = `e30.${btoa(JSON.stringify(said)).replaceAll('=', '')}.AA`;
  const token = { number: said.rn, token: 't', jkt: 'k', maxMinor: 5000, book: 1, expiresAt: 9e9 };
  await takeEvent({ kind: 'tokens', tokens: [token], released: [] });
  const basket = { totalMinor: 100, book: 1, withKiosk: false };
  await takeEvent({ kind: 'pay', number: said.rn, order, sha256: null, ...basket, at: 9, details: null });
  const standing = { number: said.rn, delivery: 'committed', payment: 'due', handover: 'open', review: null } as const;
  await takeEvent({ kind: 'answered', standing, receiptKey: 'key' });
  const asked: unknown[] = [];
  globalThis.fetch = (_, init) => {
    asked.push(JSON.parse(String(init?.body)));
    return Promise.resolve(Response.json({ orders: [] }));
  };

  await learnStandings();

  expect(asked).toEqual([{ numbers: [said.rn], contents: { [said.rn]: await contentSha256(order) } }]);
});

test('nothing open, nothing asked', async () => {
  globalThis.fetch = () => Promise.reject(new Error('not to be called'));

  expect(await learnStandings()).toBe(false);
});
