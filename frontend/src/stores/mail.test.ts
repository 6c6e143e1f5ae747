import { beforeEach, expect, test } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk, smallShelf } from '../../tests/kiosk';
import type * as mailStore from './mail';

let kiosk: Kiosk;
let tab: Tab;
let mail: typeof mailStore;

beforeEach(async () => {
  kiosk = new Kiosk().install();
  kiosk.offer('core', 'core', smallShelf());
  tab = await openTab();
  mail = await import('./mail');
  await tab.connection.probe();
  await tab.hydration.hydrate();
  await tab.outbox.startOutbox();
  tab.basket.add(1);
});

test('mail is offered by a kiosk that sends it, while it answers', async () => {
  expect(mail.mailOffered.value).toBe(true);

  kiosk.mails = false;
  await tab.connection.probe();
  expect(mail.mailOffered.value).toBe(false);

  kiosk.mails = true;
  await tab.connection.probe();
  kiosk.fault('/api', 'down');
  await tab.connection.probe();
  expect(mail.mailOffered.value).toBe(false);
});

test('the address goes to the kiosk under the key of the receipt, and nowhere else', async () => {
  await tab.checkout.pay('card');

  expect(await mail.mailReceipt('1-1-1-1', 'ada@example.org')).toBe('taken');

  expect(kiosk.contacts).toEqual([{ key: 'key-1-1-1-1', kind: 'email', address: 'ada@example.org', language: 'en' }]);
  expect(JSON.stringify(tab.outbox.outbox.peek())).not.toContain('ada@');
});

test.each([
  [{ code: 'push.contact_refused', fields: { problem: 'not_an_address' } }, 'not_an_address'],
  [{ code: 'push.contact_refused', fields: { problem: 'too_many' } }, 'too_many'],
  [{ code: 'kernel.invalid_input' }, 'not_an_address'],
  [{ code: 'push.contact_not_offered' }, 'away'],
])('a refusal %o is said in words', async (refusal, word) => {
  await tab.checkout.pay('card');
  kiosk.refusal = refusal;

  expect(await mail.mailReceipt('1-1-1-1', 'ada')).toBe(word);
});

test('without a receipt or without the kiosk it does not work just now', async () => {
  expect(await mail.mailReceipt('1-1-1-9', 'ada@example.org')).toBe('away');

  await tab.checkout.pay('card');
  kiosk.fault('/api/receipts', 'down');
  expect(await mail.mailReceipt('1-1-1-1', 'ada@example.org')).toBe('away');
  expect(kiosk.contacts).toEqual([]);
});
