/** Sending a receipt by mail: the address goes to the kiosk and is not kept in this browser. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import { kiosk } from './connection';
import { lang } from './language';
import { outbox } from './outbox';

/** taken: the kiosk has it; away: it could not be asked, or cannot just now. */
export type Mailed = 'taken' | 'not_an_address' | 'too_many' | 'away';

/** Whether the kiosk is there and sends mail. */
export const mailOffered: ReadonlySignal<boolean> = computed(() => kiosk.value?.mails_receipts === true);

/** Ask the kiosk to send the receipt of this order there. */
export async function mailReceipt(number: string, address: string): Promise<Mailed> {
  const key = outbox.peek().slips.find((slip) => slip.number === number)?.receiptKey;
  if (!key) return 'away';
  try {
    await api.leaveContact(key, { kind: 'email', address, language: lang.peek() });
    return 'taken';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return reason(error);
  }
}

function reason({ code, fields }: ApiError): Mailed {
  if (code === 'kernel.invalid_input') return 'not_an_address';
  const problem = code === 'push.contact_refused' ? fields['problem'] : null;
  return problem === 'not_an_address' || problem === 'too_many' ? problem : 'away';
}
