/**
 * The seat of this browser and its tokens: asked for while the kiosk answers, so that they are here when it does not.
 *
 * The kiosk draws receipt numbers for every request it takes, and each must end somewhere. So a request is stored
 * before it is sent and the same bytes are sent again until an answer comes: no number is drawn that nobody holds.
 */
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import { alone, SEAT_LOCK } from '../db/locks';
import { readOutbox, takeEvent } from '../db/outbox';
import type { SeatRow } from '../db/schema';
import { readSeat, writeSeat } from '../db/seats';
import { parseNumber } from '../shared/ids';
import { newSigningKey, peekClaims, publicJwk, signJws, thumbprint } from '../shared/jws';
import { tokenReport, type HeldToken, type OutboxState } from '../shared/outbox-core';
import { nowS } from './clock';

const RENEW_BEFORE_S = 3600; // a seat or token this close to its end would not see an outage through
const REPORT_MAX = 200; // numbers in one request, the kiosk's limit
const OWN_BOX = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Whether a seat was given just now: then a refusal is about the request, not about the seat. */
interface Freshness {
  isFresh: boolean;
}

/** Renew the seat, report what ended and fill up with tokens; silent when all is well. Raises: ApiError. */
export function topUp(): Promise<void> {
  return alone(SEAT_LOCK, async () => {
    const state = await expire();
    const before = (await readSeat()) ?? (await newSeat());
    const seat = await renewed(before);
    const request = seat.pending ?? (await newRequest(seat, state));
    if (request !== null) await exchange(seat, request, { isFresh: seat.seat !== before.seat });
  });
}

async function expire(): Promise<OutboxState> {
  const [state, now] = [await readOutbox(), nowS()];
  return state.tokens.some((held) => held.expiresAt <= now) ? takeEvent({ kind: 'clock', now }) : state;
}

/** A new key, kept before the kiosk hears of it: staff may take a while to admit it. */
async function newSeat(): Promise<SeatRow> {
  const keys = await newSigningKey();
  const jkt = await thumbprint(await publicJwk(keys));
  const seat: SeatRow = {
    ...{ jkt, keys, purpose: purposeHere(), createdAt: Date.now() },
    ...{ seat: null, seatId: '', expiresAt: 0, tokensMax: 0, pending: null },
  };
  await writeSeat(seat);
  return seat;
}

/** The kiosk's own browser, or one opened with `?screen`, is a screen of the shop; any other is a shopper's. */
function purposeHere(): SeatRow['purpose'] {
  const isScreen = OWN_BOX.test(location.hostname) || new URLSearchParams(location.search).has('screen');
  return isScreen ? 'screen' : 'phone';
}

async function renewed(seat: SeatRow): Promise<SeatRow & { seat: string }> {
  if (seat.seat !== null && seat.expiresAt - RENEW_BEFORE_S > nowS()) return { ...seat, seat: seat.seat };
  const answer = await api.seat({ jwk: await publicJwk(seat.keys), purpose: seat.purpose });
  const claims = peekClaims(answer.seat);
  const [expiresAt, tokensMax] = [Number(claims?.['exp']), Number(claims?.['max_tokens'])];
  if (!Number.isSafeInteger(expiresAt) || !Number.isSafeInteger(tokensMax)) {
    throw new ApiError('malformed', 'api.not_ours');
  }
  const pending = answer.seat_id === seat.seatId ? seat.pending : null; // it names the seat
  const delegated = { ...seat, seat: answer.seat, seatId: answer.seat_id, expiresAt, tokensMax, pending };
  await writeSeat(delegated);
  return delegated;
}

/** A signed request, stored; null when there is nothing to ask or report. */
async function newRequest(seat: SeatRow, state: OutboxState): Promise<string | null> {
  const report = tokenReport(state, seat.jkt);
  const lasting = state.tokens.filter((held) => held.jkt === seat.jkt && held.expiresAt - RENEW_BEFORE_S > nowS());
  const want = Math.max(0, seat.tokensMax - lasting.length);
  if (want === 0 && report.unspent.length === 0) return null;
  const [held, unspent] = [report.held.slice(0, REPORT_MAX), report.unspent.slice(0, REPORT_MAX)];
  const jti = crypto.randomUUID(); // two requests of one second are still two
  const claims = { jti, seat: seat.seatId, want, held, unspent, iat: nowS() };
  const request = await signJws(seat.keys, 'tokens+jws', claims);
  await writeSeat({ ...seat, pending: request });
  return request;
}

async function exchange(seat: SeatRow & { seat: string }, request: string, { isFresh }: Freshness): Promise<void> {
  try {
    const answer = await api.tokens({ seat: seat.seat, request });
    const tokens = answer.tokens.map((token) => heldToken(token, seat.jkt)).filter((held) => held !== null);
    await takeEvent({ kind: 'tokens', tokens, released: answer.released });
    await writeSeat({ ...seat, pending: null });
  } catch (error) {
    if (!(error instanceof ApiError && error.kind === 'refused')) throw error;
    // An answer may have got lost before, with numbers: the same bytes go again, under a seat renewed if that is over.
    const isOver = error.code === 'checkout.seat_invalid';
    const isHopeless = error.retry === 'never' || (isOver && isFresh);
    await writeSeat({ ...seat, pending: isHopeless ? null : request, seat: isOver ? null : seat.seat });
    throw error;
  }
}

function heldToken(token: string, jkt: string): HeldToken | null {
  const claims = peekClaims(token);
  const number = claims?.['rn'];
  const [maxMinor, book, expiresAt] = [claims?.['max'], claims?.['book'], claims?.['exp']].map(Number);
  const isWhole = [maxMinor, book, expiresAt].every(Number.isSafeInteger);
  const confirmed = (claims?.['cnf'] as { jkt?: unknown } | undefined)?.jkt;
  if (typeof number !== 'string' || !parseNumber(number) || !isWhole || confirmed !== jkt) return null;
  return { number, token, jkt, maxMinor: maxMinor ?? 0, book: book ?? 0, expiresAt: expiresAt ?? 0 };
}
