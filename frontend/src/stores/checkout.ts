/**
 * Pay: one token, one frozen basket, one signature; the same bytes on every path.
 *
 * The order is on this browser's disk before the kiosk hears of it. The kiosk gets three seconds to take it; when it
 * says no, nothing was sold, and when it says nothing, the shopper leaves with a provisional slip and the order is
 * handed over later.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import { takeAnswer } from '../db/drain';
import { alone, ifFree, PAY_LOCK } from '../db/locks';
import { OutboxRefusal, readOutbox, takeEvent } from '../db/outbox';
import { seatOfKey } from '../db/seats';
import { contentSha256 } from '../shared/content';
import { signJws } from '../shared/jws';
import { orphans, pickToken, type Basket, type HeldToken, type OutboxRow } from '../shared/outbox-core';
import * as basket from './basket';
import { nowS } from './clock';
import { connection, probe } from './connection';
import { freshShelf } from './hydration';
import { lang } from './language';
import { flush } from './orders';
import { outbox, refreshOutbox } from './outbox';
import { quietly } from './quietly';
import { topUp } from './seats';
import { book, nameOf, products, shop } from './shelf';
import { slipOf, type SlipDetails } from './slips';
import type { PayResult, Slip, Tender } from './types';

const ANSWER_MS = 3000;
const ALONE_MS = 1000; // the last heartbeats failed: only a kiosk that is just back would answer
const CAREFUL_TRIES = 3; // before something only the kiosk may grant is promised without its word
const TOKENS_TRIED = 3;

const _paying = signal(false);

export const paying: ReadonlySignal<boolean> = _paying;
export const tokensLeft: ReadonlySignal<number> = computed(() => outbox.value.tokens.length);

interface Frozen extends Basket {
  /** As they are signed. */
  lines: [productId: number, qty: number, unitMinor: number][];
  at: number;
  details: SlipDetails;
  /** A strict product in it: the kiosk alone knows whether one is left. */
  strictId: number | null;
}

let current: Promise<PayResult> | null = null;

/** Take the shopper's order. A second call while one is under way gets the same answer. */
export function pay(tender: Tender): Promise<PayResult> {
  current ??= payOnce(tender).finally(() => {
    current = null;
  });
  return current;
}

/** Finish checkouts whose page died between Pay and the slip, exactly as that page would have. */
export async function resumePayments(): Promise<void> {
  await ifFree(PAY_LOCK, async () => {
    for (const row of orphans(await readOutbox())) {
      const result = await settle(row, 1);
      if (result.kind !== 'refused') basket.clear();
    }
    await refreshOutbox();
  });
}

async function payOnce(tender: Tender): Promise<PayResult> {
  _paying.value = true;
  basket.freeze(true);
  try {
    const result = await alone(PAY_LOCK, () => checkOut(tender));
    await refreshOutbox(); // the slip is on show before the views are told of it
    basket.freeze(false);
    if (result.kind !== 'refused') basket.clear();
    return result;
  } catch (error) {
    if (error instanceof OutboxRefusal) return refused(error.code);
    reportError(error); // storage failed: what is written is taken up again at the next start
    return refused('checkout.not_stored');
  } finally {
    basket.freeze(false);
    _paying.value = false;
    quietly(afterPay());
  }
}

async function checkOut(tender: Tender): Promise<PayResult> {
  const frozen = freeze(tender);
  if (!frozen) return refused('checkout.basket_empty');
  if (frozen.strictId !== null && !(await probe())) {
    return refused('checkout.stock_short', { product_id: frozen.strictId, available: 0 });
  }
  for (let left = TOKENS_TRIED; ; left -= 1) {
    const result = await offer(frozen, tender);
    // Handed back or over: nothing was sold on it, and another may do.
    if (result.kind !== 'refused' || result.code !== 'checkout.token_invalid' || left <= 1) return result;
  }
}

async function offer(frozen: Frozen, tender: Tender): Promise<PayResult> {
  const choice = await chooseToken(frozen);
  if ('refusal' in choice) {
    if (choice.refusal === 'checkout.price_changed') await newPrices();
    return refused(choice.refusal, { total_minor: basket.totals.peek().totalMinor });
  }
  const { token, withKiosk } = choice;
  const { number } = token;
  const order = await sign(frozen, tender, token);
  const sha256 = await contentSha256(order);
  const state = await takeEvent({ kind: 'pay', number, order, sha256, ...frozen, withKiosk });
  const row = state.outbox.find((waiting) => waiting.number === number);
  if (!row) return refused('checkout.token_invalid');
  return settle(row, frozen.strictId !== null || withKiosk ? CAREFUL_TRIES : 1);
}

/** The basket as it will stand for ever: products, quantities, the prices that were shown. */
function freeze(tender: Tender): Frozen | null {
  const [here, on] = [shop.peek(), book.peek()];
  const priced = basket.pricedLines(basket.lines.peek());
  if (!here || on === null || priced.length === 0) return null;
  const { totalMinor, taxMinor, lineTotals } = basket.totals.peek();
  const known = products.peek();
  const lines = priced.map(({ productId, qty, unitMinor }, i) => {
    const product = known.get(productId);
    return { productId, qty, unitMinor, name: product ? nameOf(product) : '', totalMinor: lineTotals[i] ?? 0 };
  });
  return {
    lines: priced.map(({ productId, qty, unitMinor }) => [productId, qty, unitMinor]),
    totalMinor,
    book: on,
    withKiosk: false,
    at: nowS(),
    details: { lines, totalMinor, taxMinor, currency: here.currency, tender },
    strictId: priced.find(({ productId }) => known.get(productId)?.policy === 'strict')?.productId ?? null,
  };
}

type Choice = { token: HeldToken; withKiosk: boolean } | { refusal: string };

/** A token for the basket; above its limit only while the kiosk is there to judge. */
async function chooseToken(frozen: Frozen): Promise<Choice> {
  let choice = await pick(frozen, false);
  if ('refusal' in choice && choice.refusal === 'checkout.no_token' && connection.peek() !== 'screen_alone') {
    await topUp().catch(passSilence);
    choice = await pick(frozen, false);
  }
  if ('refusal' in choice && choice.refusal === 'checkout.limit_exceeded' && (await probe())) {
    return pick(frozen, true);
  }
  return choice;
}

async function pick(frozen: Frozen, withKiosk: boolean): Promise<Choice> {
  const choice = pickToken(await readOutbox(), { ...frozen, withKiosk, now: frozen.at });
  return 'token' in choice ? { ...choice, withKiosk } : choice;
}

async function sign(frozen: Frozen, tender: Tender, held: HeldToken): Promise<string> {
  const seat = await seatOfKey(held.jkt);
  if (!seat) throw new OutboxRefusal('checkout.token_invalid');
  return signJws(seat.keys, 'order+jws', {
    ...{ rn: held.number, token: held.token, book: frozen.book, lines: frozen.lines },
    ...{ total: frozen.totalMinor, tender, at: frozen.at, lang: lang.peek() },
  });
}

/** Offer a stored order to the kiosk and record what came of it, before anybody is told. */
async function settle(row: OutboxRow, tries: number): Promise<PayResult> {
  const { number, order } = row;
  for (let left = tries; left > 0; left -= 1) {
    try {
      const deadlineMs = connection.peek() === 'screen_alone' ? ALONE_MS : ANSWER_MS;
      const answer = await api.placeOrder({ order, slip_shown: false }, { deadlineMs });
      await takeAnswer(number, answer);
      return { kind: 'done', slip: await slip(number) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === 'refused') return await giveUp(number, error);
    }
  }
  await takeEvent({ kind: 'slip_shown', number });
  return { kind: 'provisional', slip: await slip(number) };
}

async function giveUp(number: string, error: ApiError): Promise<PayResult> {
  await takeEvent({ kind: 'refused', number, code: error.code });
  if (error.code === 'checkout.price_changed') await newPrices();
  return refused(error.code, error.fields);
}

/** The shopper is asked again at the new prices, so they are on show before. */
async function newPrices(): Promise<void> {
  await Promise.race([freshShelf().catch(passSilence), new Promise((resolve) => setTimeout(resolve, ANSWER_MS))]);
}

async function slip(number: string): Promise<Slip> {
  const state = await readOutbox();
  const row = state.slips.find((candidate) => candidate.number === number);
  if (!row) throw new OutboxRefusal('outbox.unknown_number');
  return slipOf(state, row);
}

async function afterPay(): Promise<void> {
  await flush();
  await topUp();
}

function refused(code: string, fields: Record<string, unknown> = {}): PayResult {
  return { kind: 'refused', code, fields };
}

function passSilence(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
