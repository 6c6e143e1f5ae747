import { describe, expect, test } from 'vitest';
import golden from '../../../tests/data/outbox_traces.json';
import { view } from '../../tests/outbox-view';
import {
  EMPTY,
  pickToken,
  slipState,
  step,
  type Delivery,
  type HeldToken,
  type OutboxEvent,
  type OutboxState,
} from './outbox-core';

describe('worked runs', () => {
  test.each(golden.traces)('$name: $why', ({ steps }) => {
    let state = EMPTY;
    for (const { event, refusal, then } of steps) {
      const next = step(state, event as OutboxEvent);

      expect(next.refusal).toBe(refusal);
      expect(view(next.state)).toEqual(then);
      if (refusal !== null) expect(next.state).toBe(state);
      state = next.state;
    }
  });
});

const token = (number: string, change: Partial<HeldToken> = {}): HeldToken => ({
  ...{ number, token: number, jkt: 'seat-key', maxMinor: 5000, book: 1, expiresAt: 1000 },
  ...change,
});

describe('the token that is taken', () => {
  const want = { totalMinor: 1000, book: 1, withKiosk: false, now: 0 };
  const pick = (tokens: HeldToken[], change: Partial<typeof want> = {}): string => {
    const choice = pickToken({ ...EMPTY, tokens }, { ...want, ...change });
    return 'token' in choice ? choice.token.number : choice.refusal;
  };

  test('is of the latest epoch, then ends first, then has the lower number', () => {
    const late = token('1-1-1-3', { expiresAt: 2000 });

    expect(pick([late, token('1-1-1-10'), token('1-1-1-9')])).toBe('1-1-1-9');
    expect(pick([token('1-1-1-1'), token('1-1-2-1', { expiresAt: 2000 })])).toBe('1-1-2-1');
  });

  test('is none, with the reason, when none will do', () => {
    expect(pick([])).toBe('checkout.no_token');
    expect(pick([token('1-1-1-1', { expiresAt: 5 })], { now: 5 })).toBe('checkout.no_token');
    expect(pick([token('1-1-1-1')], { totalMinor: 5001 })).toBe('checkout.limit_exceeded');
    expect(pick([token('1-1-1-1')], { totalMinor: 5001, withKiosk: true })).toBe('1-1-1-1');
    expect(pick([token('1-1-1-1', { book: 2 })])).toBe('checkout.price_changed');
    expect(pick([token('1-1-1-1', { maxMinor: 10 }), token('1-1-1-2')])).toBe('1-1-1-2');
  });
});

/** A small deterministic generator (mulberry32), so that a failure names its seed. */
function random(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below) | 0;
  };
}

const DELIVERIES: Delivery[] = ['committed', 'acknowledged', 'settled'];
const STAGES = ['trying', 'provisional', 'confirmed', 'acknowledged', 'settled', 'review'];

function anyEvent(dice: (below: number) => number): OutboxEvent {
  const number = `1-1-1-${1 + dice(5)}`;
  const delivery = DELIVERIES[dice(3)] ?? 'committed';
  const standing = { number, delivery, payment: 'due', handover: 'open', review: null };
  const events: OutboxEvent[] = [
    { kind: 'tokens', tokens: [token(number, { expiresAt: 50 + dice(100) })], released: dice(4) ? [] : [number] },
    {
      kind: 'pay',
      number,
      order: `order-${number}-${dice(2)}`,
      sha256: null,
      totalMinor: 100,
      book: 1,
      withKiosk: false,
      at: dice(100),
      details: null,
    },
    { kind: 'answered', standing, receiptKey: 'key' },
    { kind: 'refused', number, code: 'checkout.stock_short' },
    { kind: 'slip_shown', number },
    { kind: 'failed', number, at: dice(100), code: dice(2) ? null : 'x' },
    { kind: 'status', known: dice(2) ? [standing] : [], unknown: dice(3) ? [] : [number] },
    { kind: 'clock', now: dice(120) },
  ];
  return events[dice(events.length)] ?? { kind: 'clock', now: 0 };
}

describe('whatever happens, in any order and as often as it likes', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('seed %i', (seed) => {
    const dice = random(seed);
    let state = EMPTY;
    const signed = new Map<string, string>();
    for (let i = 0; i < 250; i += 1) {
      const event = anyEvent(dice);
      const next = step(state, event).state;
      checkNumbers(next);
      checkOutbox(state, next, event, signed);
      checkSlips(state, next);
      state = next;
    }
  });

  /** A number is in one place only: to be spent, spent, or ended. */
  function checkNumbers({ tokens, outbox, slips, ended }: OutboxState): void {
    for (const rows of [tokens, outbox, slips, ended])
      expect(new Set(rows.map((row) => row.number)).size).toBe(rows.length);
    const spent = new Set([...outbox, ...slips].map((row) => row.number));
    const free = [...tokens, ...ended].map((row) => row.number);
    expect(free.filter((number) => spent.has(number))).toEqual([]);
    expect(new Set(free).size).toBe(free.length);
  }

  /** Bytes never change, and leave by an acknowledgement or by a refusal before the slip, never otherwise. */
  function checkOutbox(before: OutboxState, after: OutboxState, event: OutboxEvent, signed: Map<string, string>): void {
    for (const row of after.outbox) {
      expect(signed.get(row.number) ?? row.order).toBe(row.order);
      signed.set(row.number, row.order);
    }
    for (const row of before.outbox) {
      if (after.outbox.some((kept) => kept.number === row.number)) continue;
      const slip = after.slips.find((kept) => kept.number === row.number);
      const isAcknowledged = slip?.stage === 'acknowledged' || slip?.stage === 'settled';
      expect(isAcknowledged || (event.kind === 'refused' && !row.slipShown)).toBe(true);
      if (!slip) signed.delete(row.number); // released numbers may be minted anew by this dice
    }
  }

  /** What the shopper was told only moves forward. */
  function checkSlips(before: OutboxState, after: OutboxState): void {
    for (const slip of before.slips) {
      const now = after.slips.find((kept) => kept.number === slip.number);
      if (now) expect(STAGES.indexOf(now.stage)).toBeGreaterThanOrEqual(STAGES.indexOf(slip.stage));
      else expect(slipState(before, slip)).toMatch(/trying|review/);
    }
  }
});
