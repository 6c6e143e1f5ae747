import { expect, test } from 'vitest';
import { api } from './client';
import { ApiError } from './errors';

const answer = (response: Response | (() => Promise<Response>)): void => {
  globalThis.fetch = () => (typeof response === 'function' ? response() : Promise.resolve(response));
};
const order = { number: '1-1-1-1', receipt_key: 'k' };
const place = () => api.placeOrder({ order: 'x', slip_shown: false }, { deadlineMs: 30 });
const said = (code: string, retry = 'never') => ({ code, message: '', retry, fields: { a: 1 }, request_id: '' });

test('an answer that fits is the answer', async () => {
  answer(Response.json(order));

  expect(await place()).toEqual(order);
});

test.each([
  [
    'a refusal says why',
    Response.json(said('checkout.stock_short'), { status: 409 }),
    'refused',
    'checkout.stock_short',
  ],
  ['a server’s failure decides nothing', Response.json(said('kernel.error'), { status: 500 }), 'broken', 'http.500'],
  ['a proxy’s failure decides nothing', new Response('<h1>Bad gateway</h1>', { status: 502 }), 'broken', 'http.502'],
  ['too many requests say nothing of the order', Response.json(said('x'), { status: 429 }), 'broken', 'http.429'],
  ['a portal’s page is not ours', new Response('<html>Sign in</html>'), 'malformed', 'api.not_ours'],
  ['other JSON is not ours', Response.json({ hello: 1 }), 'malformed', 'api.not_ours'],
  ['a list is not ours', Response.json([order]), 'malformed', 'api.not_ours'],
  ['a portal’s 403 is not ours', new Response('no', { status: 403 }), 'malformed', 'api.not_ours'],
] as const)('%s', async (_, response, kind, code) => {
  answer(response.clone());

  await expect(place()).rejects.toMatchObject({ kind, code });
});

test('no connection is unreachable; none in time is a time-out, also in the middle of the body', async () => {
  answer(() => Promise.reject(new TypeError('refused')));
  await expect(place()).rejects.toMatchObject({ kind: 'unreachable', isSilence: true });

  globalThis.fetch = (_, init) =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          start(controller) {
            init?.signal?.addEventListener('abort', () => {
              controller.error(new DOMException('aborted', 'AbortError'));
            });
          },
        }),
      ),
    );
  await expect(place()).rejects.toMatchObject({ kind: 'timeout', isSilence: true });
});

test('only a decision is final', () => {
  const refused = (status: number, retry: ApiError['retry']) => new ApiError('refused', 'x', status, {}, retry).isFinal;

  expect([refused(422, 'never'), refused(403, 'ask_staff'), refused(409, 'later')]).toEqual([true, true, true]);
  expect([refused(403, 'later'), new ApiError('broken', 'x', 500).isFinal]).toEqual([false, false]);
});
