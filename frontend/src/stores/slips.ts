/** A stored slip as the views show it. */
import { slipState, type OutboxState, type SlipRow } from '../shared/outbox-core';
import type { Slip, SlipLine, Tender } from './types';

/** What the state machine carries along for showing. */
export interface SlipDetails {
  lines: SlipLine[];
  totalMinor: number;
  taxMinor: number;
  currency: string;
  tender: Tender;
}

export function slipOf(state: OutboxState, row: SlipRow): Slip {
  const stage = slipState(state, row);
  return {
    ...(row.details as SlipDetails),
    number: row.number,
    placedAt: row.placedAt * 1000,
    state: stage === 'trying' ? 'provisional' : stage,
    receiptKey: row.receiptKey,
    // Until the kiosk has given the receipt its key, the number is all there is to show; staff can find it by that.
    receiptUrl: new URL(`/r/${row.receiptKey ?? row.number}`, location.origin).href,
  };
}
