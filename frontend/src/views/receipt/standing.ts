/** What the state of an order means to the person who placed it. */
import type { Slip, SlipState } from '../../stores/types';

export type Standing = 'confirmed' | 'follows' | 'check';

/** Four stations of an order, as far as a shopper cares: it is confirmed, it will be, or somebody wants to see it. */
export function standing(state: SlipState): Standing {
  if (state === 'provisional') return 'follows';
  return state === 'review' ? 'check' : 'confirmed';
}

/** What to do now, which depends on how it is paid and on whether the shop has already confirmed it. */
export function nextStep(
  slip: Pick<Slip, 'tender' | 'state'>,
): 'receipt.pay_counter' | 'receipt.show_counter' | 'receipt.invoice' | 'receipt.take' {
  if (slip.tender === 'cash' || slip.tender === 'counter') return 'receipt.pay_counter';
  if (standing(slip.state) !== 'confirmed') return 'receipt.show_counter';
  return slip.tender === 'invoice' ? 'receipt.invoice' : 'receipt.take';
}
