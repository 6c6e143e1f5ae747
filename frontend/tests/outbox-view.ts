/** What a trace shows of an outbox after each step: everything that decides what happens next. */
import { orphans, slipState, toAsk, tokenReport, toSend, unsent, type OutboxState } from '../src/shared/outbox-core';

const AT_S = 150; // the instant for which `toSend` is shown
const SEAT_KEY = 'seat-key';

export function view(state: OutboxState): object {
  return {
    tokens: state.tokens.map((held) => held.number),
    outbox: state.outbox.map(({ number, order, delivery, slipShown, attempts, notBefore, problem }) => ({
      ...{ number, order, delivery, slipShown, attempts, notBefore, problem },
    })),
    slips: state.slips.map((slip) => ({
      ...{ number: slip.number, state: slipState(state, slip), payment: slip.payment, handover: slip.handover },
      ...{ receiptKey: slip.receiptKey },
    })),
    ended: state.ended.map(({ number, reason }) => [number, reason]),
    unsent: unsent(state),
    toAsk: toAsk(state),
    toSendAt150: toSend(state, AT_S).map((row) => row.number),
    orphans: orphans(state).map((row) => row.number),
    report: tokenReport(state, SEAT_KEY),
  };
}
