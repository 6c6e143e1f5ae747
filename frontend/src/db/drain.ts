/**
 * Handing the outbox over to the kiosk and learning where orders stand; page and worker run the same code.
 *
 * An order the kiosk does not like never holds up the next one, and nothing is dropped here: the state machine alone
 * lets bytes go.
 */
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import type { OrderOut, OrderStatus } from '../api/types';
import { contentSha256 } from '../shared/content';
import { toAsk, toSend, type OutboxRow, type OutboxState, type Standing } from '../shared/outbox-core';
import { DRAIN_LOCK, ifFree } from './locks';
import { readOutbox, takeEvent } from './outbox';

const ASK_MAX = 50; // numbers per question, the kiosk's limit
const QUESTIONS_MAX = 4; // per turn; the rest is asked when these have moved on
const BROKEN_MAX = 3; // so many server failures in a row mean that nobody is there, not that an order is bad

export interface Drained {
  sent: number;
  left: number;
}

/** Hand over what waits; null when another tab or the worker is at it. `nowS` is the kiosk's clock in seconds. */
export function drain(nowS: number): Promise<Drained | null> {
  return ifFree(DRAIN_LOCK, async () => {
    let [sent, broken] = [0, 0];
    for (const row of toSend(await readOutbox(), nowS)) {
      const outcome = await handOver(row, nowS);
      if (outcome === 'silence') break;
      broken = outcome === 'broken' ? broken + 1 : 0;
      if (broken >= BROKEN_MAX) break;
      if (outcome === 'sent') sent += 1;
    }
    return { sent, left: (await readOutbox()).outbox.filter((row) => row.delivery === 'unsent').length };
  });
}

/** Ask the kiosk where the orders stand that went on to the cloud; answers whether there was anything to ask. */
export async function learnStandings(): Promise<boolean> {
  const state = await readOutbox();
  const numbers = toAsk(state).slice(0, ASK_MAX * QUESTIONS_MAX);
  for (let at = 0; at < numbers.length; at += ASK_MAX) {
    const asked = numbers.slice(at, at + ASK_MAX);
    const { orders } = await api.orderStatus({ numbers: asked, contents: await contentsOf(state, asked) });
    const known = orders.map(standingOf).filter((standing) => standing !== null);
    const unknown = orders.filter((order) => !order.known).map((order) => order.number);
    await takeEvent({ kind: 'status', known, unknown });
  }
  return numbers.length > 0;
}

/** What our orders say, by number; orders of an earlier release whose bytes are gone are asked for by number alone. */
async function contentsOf(state: OutboxState, numbers: readonly string[]): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const number of numbers) {
    const row = state.outbox.find((waiting) => waiting.number === number);
    const told = state.slips.find((slip) => slip.number === number)?.sha256;
    const sha256 = told ?? (row ? await contentSha256(row.order) : null);
    if (sha256 !== null) contents[number] = sha256;
  }
  return contents;
}

/** Record the kiosk's answer to the order with this number. Raises: ApiError when it speaks of another. */
export async function takeAnswer(asked: string, answer: OrderOut): Promise<OutboxState> {
  const { number, delivery, payment, handover, review, receipt_key } = answer;
  if (number !== asked) throw new ApiError('malformed', 'api.not_ours');
  const standing: Standing = { number, delivery, payment, handover, review };
  return takeEvent({ kind: 'answered', standing, receiptKey: receipt_key });
}

async function handOver(row: OutboxRow, nowS: number): Promise<'sent' | 'silence' | 'broken' | 'refused'> {
  try {
    await takeAnswer(row.number, await api.placeOrder({ order: row.order, slip_shown: true }));
    return 'sent';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isSilence) return 'silence';
    await takeEvent({ kind: 'failed', number: row.number, at: nowS, code: error.isFinal ? error.code : null });
    return error.kind === 'refused' ? 'refused' : 'broken';
  }
}

function standingOf(order: OrderStatus): Standing | null {
  const { number, known, delivery, payment, handover, review } = order;
  if (!known || !delivery) return null;
  return { number, delivery, payment: payment ?? 'due', handover: handover ?? 'open', review };
}
