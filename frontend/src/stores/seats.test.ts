import { beforeEach, expect, test } from 'vitest';
import { openTab, type Tab } from '../../tests/browser';
import { Kiosk, verified } from '../../tests/kiosk';

let kiosk: Kiosk;
let tab: Tab;

beforeEach(async () => {
  kiosk = new Kiosk().install();
  tab = await openTab();
});

const numbers = async (): Promise<string[]> => (await tab.db.readOutbox()).tokens.map((held) => held.number);
const asked = (path: string): number => kiosk.calls.filter((call) => call === `POST ${path}`).length;

/** Refuse the next token requests; a given number of them. */
function refuseTokens(times: number, refusal: { code: string; retry: string }): void {
  const place = globalThis.fetch;
  let left = times;
  globalThis.fetch = (input, init) =>
    String(input) === '/api/tokens' && (left -= 1) >= 0
      ? Promise.resolve(Response.json({ fields: {}, ...refusal }, { status: 403 }))
      : place(input, init);
}

const OVER = { code: 'checkout.seat_invalid', retry: 'later' };

test('a browser without a seat sits down and fills up; a full one asks for nothing', async () => {
  await tab.seats.topUp();
  await tab.seats.topUp();

  expect(await numbers()).toEqual(['1-1-1-1', '1-1-1-2', '1-1-1-3']);
  expect([asked('/api/seats'), asked('/api/tokens')]).toEqual([1, 1]);
});

test('an answer that was lost is asked for with the same bytes: no number is drawn that nobody holds', async () => {
  kiosk.fault('/api/tokens', 'lost_answer');
  await expect(tab.seats.topUp()).rejects.toMatchObject({ kind: 'unreachable' });
  kiosk.heal();

  await tab.seats.topUp();

  expect(await numbers()).toEqual(['1-1-1-1', '1-1-1-2', '1-1-1-3']);
});

test('a request is the seat’s own, signed, and names what is held', async () => {
  let request = '';
  const place = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    if (String(input) === '/api/tokens' && typeof init?.body === 'string') {
      ({ request } = JSON.parse(init.body) as { request: string });
    }
    return place(input, init);
  };
  await tab.seats.topUp();
  kiosk.clockAheadS = 11.5 * 3600; // half an hour before they end

  await import('./clock').then((clock) => clock.setClock(kiosk.now()));
  await tab.seats.topUp();

  const { header, claims } = await verified(request);
  expect(header.typ).toBe('tokens+jws');
  expect(claims).toMatchObject({ seat: 'seat-0', want: 3, held: ['1-1-1-1', '1-1-1-2', '1-1-1-3'], unspent: [] });
});

test('past their time tokens are reported and replaced, under the same key', async () => {
  await tab.seats.topUp();
  kiosk.clockAheadS = 13 * 3600;
  await tab.connection.probe();

  await tab.seats.topUp();

  expect(kiosk.unspent).toEqual(['1-1-1-1', '1-1-1-2', '1-1-1-3']);
  expect(await numbers()).toEqual(['1-1-1-4', '1-1-1-5', '1-1-1-6']);
  expect((await tab.db.readOutbox()).ended).toEqual([]);
  expect(new Set((await tab.db.readOutbox()).tokens.map((held) => held.jkt)).size).toBe(1);
});

test('a seat that staff have not admitted keeps its key and asks again', async () => {
  const place = globalThis.fetch;
  const keys: unknown[] = [];
  globalThis.fetch = (input, init) => {
    if (String(input) !== '/api/seats') return place(input, init);
    keys.push((JSON.parse(String(init?.body)) as { jwk: { x: string } }).jwk.x);
    if (keys.length > 1) return place(input, init);
    return Promise.resolve(
      Response.json({ code: 'checkout.seat_not_admitted', fields: {}, retry: 'ask_staff' }, { status: 403 }),
    );
  };
  await expect(tab.seats.topUp()).rejects.toMatchObject({ code: 'checkout.seat_not_admitted' });

  await tab.seats.topUp();

  expect(keys[1]).toBe(keys[0]);
  expect(await numbers()).toHaveLength(3);
});

test('a seat that the kiosk has forgotten is asked for anew', async () => {
  await tab.seats.topUp();
  kiosk.clockAheadS = 11.5 * 3600;
  const { setClock } = await import('./clock');
  await setClock(kiosk.now());
  refuseTokens(1, OVER);
  await expect(tab.seats.topUp()).rejects.toMatchObject({ code: 'checkout.seat_invalid' });

  await tab.seats.topUp();

  expect(await numbers()).toHaveLength(6);
});

test('an answer is lost and the seat is over by the second try: its numbers come all the same', async () => {
  kiosk.fault('/api/tokens', 'lost_answer');
  await expect(tab.seats.topUp()).rejects.toMatchObject({ kind: 'unreachable' });
  kiosk.heal();
  refuseTokens(1, OVER);
  await expect(tab.seats.topUp()).rejects.toMatchObject({ code: OVER.code });

  await tab.seats.topUp();

  expect(await numbers()).toEqual(['1-1-1-1', '1-1-1-2', '1-1-1-3']);
});

test.each([
  ['under a seat given just now', 2, OVER],
  ['for good', 1, { code: 'kernel.invalid_input', retry: 'never' }],
])('a request that is refused %s is given up for a new one', async (_, times, refusal) => {
  kiosk.fault('/api/tokens', 'lost_answer');
  await expect(tab.seats.topUp()).rejects.toMatchObject({ kind: 'unreachable' });
  kiosk.heal();
  refuseTokens(times, refusal);
  for (let refused = 0; refused < times; refused += 1) await expect(tab.seats.topUp()).rejects.toMatchObject(refusal);

  await tab.seats.topUp();

  expect(await numbers()).toEqual(['1-1-1-4', '1-1-1-5', '1-1-1-6']);
});

test('a token for another key, or of no form, is left out', async () => {
  const place = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const answer = await place(input, init);
    if (String(input) !== '/api/tokens') return answer;
    const { tokens } = (await answer.json()) as { tokens: string[] };
    const alien = `e30.${btoa(JSON.stringify({ rn: '1-1-1-99', max: 1, book: 1, exp: 9e9, cnf: { jkt: 'other' } }))}.AA`;
    return Response.json({ tokens: [...tokens, alien, 'nonsense'], released: [] });
  };

  await tab.seats.topUp();

  expect(await numbers()).toEqual(['1-1-1-1', '1-1-1-2', '1-1-1-3']);
});

test('two tabs fill up once', async () => {
  const other = await openTab();

  await Promise.all([tab.seats.topUp(), other.seats.topUp()]);

  expect(await numbers()).toHaveLength(3);
});
