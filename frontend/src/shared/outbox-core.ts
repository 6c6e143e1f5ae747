/**
 * The browser's outbox as a pure state machine: tokens, frozen baskets, provisional slips and where each order stands.
 *
 * No DOM, no storage, no clock and no network: whoever drives it writes each new state durably before acting on it.
 * tests/data/outbox_traces.json holds worked runs that any other implementation of these rules must reproduce.
 *
 * The rules: a token serves one checkout, whatever becomes of it. An order's bytes never change once signed. A refusal
 * ends an order only while no slip was shown. Bytes leave the outbox when the cloud's acknowledgement is known, or with
 * such a refusal, never otherwise. What a shopper was told only moves forward.
 */

import { compareNumbers, parseNumber } from './ids';

export type Tender = 'cash' | 'card' | 'counter' | 'invoice';
export type Delivery = 'committed' | 'acknowledged' | 'settled';
export type SlipStage = 'trying' | 'provisional' | 'confirmed' | 'acknowledged' | 'settled';

/** The kiosk's permission to place one order. Units: minor units; seconds since 1970. */
export interface HeldToken {
  number: string;
  token: string;
  /** Thumbprint of the seat key that may sign on it. */
  jkt: string;
  maxMinor: number;
  /** The oldest price book it may sell from. */
  book: number;
  expiresAt: number;
}

/** Signed bytes that the cloud has not acknowledged. `notBefore`: seconds; `problem`: the code of the last refusal. */
export interface OutboxRow {
  number: string;
  order: string;
  /** The seat key of the token that was used up, and its expiry. */
  jkt: string;
  expiresAt: number;
  totalMinor: number;
  slipShown: boolean;
  delivery: 'unsent' | 'committed';
  attempts: number;
  notBefore: number;
  problem: string | null;
}

/**
 * What the shopper was told. `details` is for showing only and passes through untouched. `sha256` is of what the order
 * says, for asking where that order stands, whatever else has its number; slips of earlier releases lack it.
 */
export interface SlipRow {
  number: string;
  sha256?: string | null;
  placedAt: number;
  stage: SlipStage;
  payment: string;
  handover: string;
  review: string[];
  receiptKey: string | null;
  details: unknown;
}

/** A number that ended without a sale, until the kiosk has released it. */
export interface EndedRow {
  number: string;
  jkt: string;
  expiresAt: number;
  reason: string;
}

export interface OutboxState {
  tokens: HeldToken[];
  outbox: OutboxRow[];
  slips: SlipRow[];
  ended: EndedRow[];
}

/** Where the kiosk says an order stands. */
export interface Standing {
  number: string;
  delivery: Delivery;
  payment: string;
  handover: string;
  review: string[] | null;
}

export type OutboxEvent =
  | { kind: 'tokens'; tokens: HeldToken[]; released: string[] }
  | ({ kind: 'pay'; number: string; order: string; sha256: string | null; at: number; details: unknown } & Basket)
  | { kind: 'answered'; standing: Standing; receiptKey: string }
  | { kind: 'refused'; number: string; code: string }
  | { kind: 'slip_shown'; number: string }
  | { kind: 'failed'; number: string; at: number; code: string | null }
  | { kind: 'status'; known: Standing[]; unknown: string[] }
  | { kind: 'clock'; now: number }
  | { kind: 'forget'; before: number; keep: number };

/**
 * What a checkout asks of its token. `withKiosk`: the kiosk is there to judge, so the token's limit does not bind; it
 * binds what is sold without it.
 */
export interface Basket {
  totalMinor: number;
  book: number;
  withKiosk: boolean;
}

/** `refusal` is an error code when the event was not legal; the state is then the old one. */
export interface Step {
  state: OutboxState;
  refusal: string | null;
}

export const EMPTY: OutboxState = { tokens: [], outbox: [], slips: [], ended: [] };

const STAGES: readonly SlipStage[] = ['trying', 'provisional', 'confirmed', 'acknowledged', 'settled'];
const STAGE_OF: Record<Delivery, SlipStage> = {
  committed: 'confirmed',
  acknowledged: 'acknowledged',
  settled: 'settled',
};
const PAYMENTS: readonly string[] = ['due', 'paid', 'declined', 'cleared'];
const HANDOVERS: readonly string[] = ['open', 'handed_over'];
const UNSENT = { slipShown: false, delivery: 'unsent', attempts: 0, notBefore: 0, problem: null } as const;
const UNTOLD = { stage: 'trying', payment: 'due', handover: 'open', review: [] as string[], receiptKey: null } as const;
const NUMBER_REUSED = 'checkout.number_reused'; // the kiosk has kept these bytes, in a review of the other order
const WAIT_MAX_S = 300; // a refused order is tried again for ever, but not more often than every five minutes

/** Take one event. */
export function step(state: OutboxState, event: OutboxEvent): Step {
  switch (event.kind) {
    case 'tokens':
      return done(takeTokens(state, event.tokens, event.released));
    case 'pay':
      return pay(state, event);
    case 'answered':
      return answered(state, event.standing, event.receiptKey);
    case 'refused':
      return refused(state, event.number, event.code);
    case 'slip_shown':
      return slipShown(state, event.number);
    case 'failed':
      return failed(state, event.number, event.at, event.code);
    case 'status':
      return done(event.unknown.reduce(handOverAgain, event.known.reduce(learn, state)));
    case 'clock':
      return done(expire(state, event.now));
    case 'forget':
      return done(forget(state, event.before, event.keep));
  }
}

/** The token for a checkout, or the code of what stands in its way: of the latest epoch, the one that expires first. */
export function pickToken(
  state: OutboxState,
  want: Basket & { now: number },
): { token: HeldToken } | { refusal: string } {
  const live = state.tokens.filter((held) => held.expiresAt > want.now).sort(byTurn);
  const token = live.find((held) => obstacle(held, want) === null);
  if (token) return { token };
  const [first] = live;
  return { refusal: (first && obstacle(first, want)) ?? 'checkout.no_token' };
}

/** Orders to hand over now: those shown to a shopper, oldest first. What is still being paid belongs to its page. */
export function toSend(state: OutboxState, now: number): OutboxRow[] {
  return state.outbox.filter((row) => row.slipShown && row.delivery === 'unsent' && row.notBefore <= now);
}

/** Numbers whose journey goes on in the cloud, and those that name another order there: a person decides on these. */
export function toAsk(state: OutboxState): string[] {
  const isAlone = (row: OutboxRow): boolean => row.delivery === 'unsent' && row.problem !== NUMBER_REUSED;
  const unsent = new Set(state.outbox.filter(isAlone).map((row) => row.number));
  const isOpen = (slip: SlipRow): boolean => slip.stage !== 'settled' || slip.review.length > 0;
  return state.slips.filter((slip) => isOpen(slip) && !unsent.has(slip.number)).map((slip) => slip.number);
}

/** Checkouts that no slip and no refusal has ended: their page died. */
export function orphans(state: OutboxState): OutboxRow[] {
  return state.outbox.filter((row) => !row.slipShown && row.delivery === 'unsent');
}

/** Everything not acknowledged. */
export function unsent(state: OutboxState): { count: number; totalMinor: number } {
  return {
    count: state.outbox.length,
    totalMinor: state.outbox.reduce((sum, row) => sum + row.totalMinor, 0),
  };
}

/** What a seat tells its kiosk when it asks for tokens: what it may still spend, and what it never will. */
export function tokenReport(state: OutboxState, jkt: string): { held: string[]; unspent: string[] } {
  const own = (rows: readonly (HeldToken | EndedRow)[]): string[] =>
    rows.filter((row) => row.jkt === jkt).map((row) => row.number);
  return { held: own(state.tokens), unspent: own(state.ended) };
}

/** What a slip says: a person must look, or how far the order got. */
export function slipState(state: OutboxState, slip: SlipRow): SlipStage | 'review' {
  const row = state.outbox.find((waiting) => waiting.number === slip.number);
  return slip.review.length > 0 || (row && row.problem !== null) ? 'review' : slip.stage;
}

function takeTokens(state: OutboxState, tokens: HeldToken[], released: string[]): OutboxState {
  const gone = new Set(released);
  const ended = state.ended.filter((row) => !gone.has(row.number));
  const used = new Set([...state.tokens, ...state.outbox, ...state.slips, ...state.ended].map((row) => row.number));
  const fresh = tokens.filter((held) => !used.has(held.number));
  return { ...state, ended, tokens: [...state.tokens.filter((held) => !gone.has(held.number)), ...fresh] };
}

function pay(state: OutboxState, event: OutboxEvent & { kind: 'pay' }): Step {
  const { number, order, sha256, totalMinor, at, details } = event;
  const twin = state.outbox.find((row) => row.number === number);
  if (twin) return twin.order === order ? done(state) : refuse(state, NUMBER_REUSED);
  const held = state.tokens.find((token) => token.number === number);
  if (!held || held.expiresAt <= at) return refuse(state, 'checkout.token_invalid');
  const code = obstacle(held, event);
  if (code !== null) return refuse(state, code);
  const { jkt, expiresAt } = held;
  const row: OutboxRow = { number, order, jkt, expiresAt, totalMinor, ...UNSENT };
  const slip: SlipRow = { number, sha256, placedAt: at, details, ...UNTOLD };
  return done({
    ...state,
    tokens: without(state.tokens, number),
    outbox: [...state.outbox, row],
    slips: [...state.slips, slip],
  });
}

function answered(state: OutboxState, standing: Standing, receiptKey: string): Step {
  const slip = state.slips.find((row) => row.number === standing.number);
  if (!slip) return refuse(state, 'outbox.unknown_number');
  const slips = state.slips.map((row) => (row === slip ? { ...row, receiptKey } : row));
  const outbox = state.outbox.map((row) =>
    row.number === standing.number
      ? { ...row, delivery: 'committed' as const, problem: null, attempts: 0, notBefore: 0 }
      : row,
  );
  return done(learn({ ...state, slips, outbox }, standing));
}

function refused(state: OutboxState, number: string, code: string): Step {
  const row = state.outbox.find((waiting) => waiting.number === number);
  if (!row) return refuse(state, 'outbox.unknown_number');
  if (row.slipShown) return refuse(state, 'outbox.slip_shown');
  return done({
    ...state,
    outbox: without(state.outbox, number),
    slips: without(state.slips, number),
    ended: [...state.ended, { number, jkt: row.jkt, expiresAt: row.expiresAt, reason: code }],
  });
}

function slipShown(state: OutboxState, number: string): Step {
  if (!state.outbox.some((row) => row.number === number)) return refuse(state, 'outbox.unknown_number');
  return done({
    ...state,
    outbox: state.outbox.map((row) => (row.number === number ? { ...row, slipShown: true } : row)),
    slips: state.slips.map((slip) =>
      slip.number === number ? { ...slip, stage: ahead(slip.stage, 'provisional') } : slip,
    ),
  });
}

function failed(state: OutboxState, number: string, at: number, code: string | null): Step {
  if (!state.outbox.some((row) => row.number === number)) return refuse(state, 'outbox.unknown_number');
  const outbox = state.outbox.map((row) => {
    if (row.number !== number) return row;
    const wait = Math.min(2 ** (row.attempts + 1), WAIT_MAX_S);
    return { ...row, attempts: row.attempts + 1, notBefore: at + wait, problem: code ?? row.problem };
  });
  return done({ ...state, outbox });
}

/** Take in where an order stands; acknowledged bytes leave the outbox. */
function learn(state: OutboxState, standing: Standing): OutboxState {
  const { number, delivery, payment, handover, review } = standing;
  const slips = state.slips.map((slip) =>
    slip.number === number
      ? {
          ...slip,
          stage: ahead(slip.stage, STAGE_OF[delivery]),
          payment: later(PAYMENTS, slip.payment, payment),
          handover: later(HANDOVERS, slip.handover, handover),
          review: review ?? [],
        }
      : slip,
  );
  // What the kiosk has is a sale, whether or not its page lived to say so: no refusal ends it any more.
  const sold = state.outbox.map((row) => (row.number === number ? { ...row, slipShown: true } : row));
  return { ...state, slips, outbox: delivery === 'committed' ? sold : without(sold, number) };
}

/** The kiosk no longer knows this order (restored from an old copy): the same bytes go to it again. */
function handOverAgain(state: OutboxState, number: string): OutboxState {
  const outbox = state.outbox.map((row) =>
    row.number === number && row.delivery === 'committed' ? { ...row, delivery: 'unsent' as const, notBefore: 0 } : row,
  );
  return { ...state, outbox };
}

function expire(state: OutboxState, now: number): OutboxState {
  const past = state.tokens.filter((held) => held.expiresAt <= now);
  const ended = past.map(({ number, jkt, expiresAt }) => ({ number, jkt, expiresAt, reason: 'expired' }));
  return { ...state, tokens: state.tokens.filter((held) => held.expiresAt > now), ended: [...state.ended, ...ended] };
}

function forget(state: OutboxState, before: number, keep: number): OutboxState {
  const waiting = new Set(state.outbox.map((row) => row.number));
  const isOpen = (slip: SlipRow): boolean => waiting.has(slip.number);
  const newest = new Set([...state.slips].sort((a, b) => b.placedAt - a.placedAt).slice(0, keep));
  return {
    ...state,
    slips: state.slips.filter((slip) => isOpen(slip) || (newest.has(slip) && slip.placedAt >= before)),
  };
}

function obstacle(held: HeldToken, want: Basket): string | null {
  if (want.book < held.book) return 'checkout.price_changed';
  return want.totalMinor > held.maxMinor && !want.withKiosk ? 'checkout.limit_exceeded' : null;
}

function byTurn(a: HeldToken, b: HeldToken): number {
  const epochs = (parseNumber(b.number)?.epoch ?? 0) - (parseNumber(a.number)?.epoch ?? 0);
  return epochs || a.expiresAt - b.expiresAt || compareNumbers(a.number, b.number);
}

function ahead(now: SlipStage, next: SlipStage): SlipStage {
  return STAGES.indexOf(next) > STAGES.indexOf(now) ? next : now;
}

/** The later of two words of an order's column; a word that this release does not know is taken as it comes. */
function later(column: readonly string[], now: string, next: string): string {
  return column.includes(next) && column.indexOf(next) < column.indexOf(now) ? now : next;
}

function without<Row extends { number: string }>(rows: readonly Row[], number: string): Row[] {
  return rows.filter((row) => row.number !== number);
}

function done(state: OutboxState): Step {
  return { state, refusal: null };
}

function refuse(state: OutboxState, refusal: string): Step {
  return { state, refusal };
}
