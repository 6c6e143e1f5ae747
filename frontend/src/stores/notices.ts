/** Telling a shopper, by web push, that an order is confirmed. */
import { api } from '../api/client';
import { getMeta, setMeta } from '../db/meta';
import type { Wish } from '../db/schema';
import { fromBase64Url, toBase64Url } from '../shared/bytes';
import { lang } from './language';
import { outbox } from './outbox';
import { vapidKey } from './shelf';
import { registration } from './worker';

const SUBSCRIBE_MS = 10_000; // a browser cut off from its vendor's push service never answers

export type Told = 'subscribed' | 'denied' | 'unsupported' | 'timeout';

/** Ask for leave to notify and subscribe; an order without a receipt yet is registered as soon as it has one. */
export async function askToBeTold(number: string): Promise<Told> {
  const worker = await registration();
  if (!worker || !('pushManager' in worker) || !('Notification' in globalThis) || !vapidKey.peek()) {
    return 'unsupported';
  }
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  const subscription = await Promise.race([subscribe(worker), late()]);
  if (typeof subscription === 'string') return subscription;
  await setMeta('wishes', [...((await getMeta('wishes')) ?? []), { ...subscription, number }]);
  await tellLater().catch(() => undefined); // kept: the next contact registers it
  return 'subscribed';
}

/** Register the wishes whose orders have a receipt by now. Raises: ApiError when the kiosk is away. */
export async function tellLater(): Promise<void> {
  for (const wish of (await getMeta('wishes')) ?? []) {
    const key = outbox.peek().slips.find((slip) => slip.number === wish.number)?.receiptKey;
    if (!key) continue;
    await api.subscribe({ vapid_key: '', ...wish, receipt_key: key });
    const left = ((await getMeta('wishes')) ?? []).filter((other) => other.number !== wish.number);
    await setMeta('wishes', left);
  }
}

async function subscribe(worker: ServiceWorkerRegistration): Promise<Omit<Wish, 'number'> | 'unsupported'> {
  try {
    const vapid_key = vapidKey.peek();
    await leaveOtherSender(worker, vapid_key);
    const applicationServerKey = fromBase64Url(vapid_key);
    const { endpoint, keys } = (
      await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
    ).toJSON();
    const [p256dh, auth] = [keys?.['p256dh'], keys?.['auth']];
    if (!endpoint || !p256dh || !auth) return 'unsupported';
    return { endpoint, keys: { p256dh, auth }, language: lang.peek(), vapid_key };
  } catch {
    return 'unsupported'; // the browser has the interface and no service behind it
  }
}

/** A browser is bound to one sender at a time: after the shop has changed its key, it must leave before it can join. */
async function leaveOtherSender(worker: ServiceWorkerRegistration, key: string): Promise<void> {
  const made = await worker.pushManager.getSubscription();
  const boundTo = made?.options.applicationServerKey;
  if (made && boundTo && toBase64Url(new Uint8Array(boundTo)) !== key) await made.unsubscribe();
}

function late(): Promise<'timeout'> {
  return new Promise((resolve) => {
    setTimeout(resolve, SUBSCRIBE_MS, 'timeout');
  });
}
