/** Typed fetch: JSON in, JSON out, a deadline on everything, one error type. */
import { ApiError } from './errors';
import type * as wire from './types';

const TOO_MANY = 429; // a limit on requests says nothing about the order in them
const DEADLINE_MS = 3000; // beyond that the shopper goes on without the kiosk

export interface Options {
  deadlineMs?: number;
  signal?: AbortSignal;
}

export const api = {
  health: (screen: string, unsent: number, options?: Options) =>
    call<wire.Health>('GET', `/api/health?screen=${screen}&unsent=${unsent}`, isHealth, undefined, options),
  seeds: (quotaBytes: number) =>
    call<wire.Seeds>('GET', `/api/seeds?quota_bytes=${quotaBytes}`, (v) => Array.isArray(v['stages']), undefined, {
      deadlineMs: 15_000, // the kiosk may have to build seeds it has not served before
    }),
  seat: (body: wire.SeatIn) => call<wire.SeatOut>('POST', '/api/seats', (v) => typeof v['seat'] === 'string', body),
  tokens: (body: wire.TokensIn) => call<wire.TokensOut>('POST', '/api/tokens', (v) => Array.isArray(v['tokens']), body),
  placeOrder: (body: wire.OrderIn, options?: Options) =>
    call<wire.OrderOut>('POST', '/api/orders', isOrder, body, options),
  /** At most 50 numbers; an answer tells of the content that is asked for. */
  orderStatus: (body: wire.StatusIn) =>
    call<wire.StatusOut>('POST', '/api/orders/status', (v) => Array.isArray(v['orders']), body),
  recommend: (basket: readonly number[], k: number, options?: Options) =>
    call<wire.RecommendationOut>(
      'POST',
      '/api/recommendations',
      (v) => Array.isArray(v['items']),
      { basket, k },
      options,
    ),
  subscribe: (body: wire.PushSubscriptionIn) => call<object>('POST', '/api/push/subscriptions', () => true, body),
  leaveContact: (receiptKey: string, body: wire.ContactIn) =>
    call<object>('POST', `/api/receipts/${receiptKey}/contact`, () => true, body),
};

type Json = Record<string, unknown>;

/** Raises: ApiError, always and only. */
async function call<Answer>(
  method: 'GET' | 'POST',
  path: string,
  fits: (value: Json) => boolean,
  body?: object,
  options: Options = {},
): Promise<Answer> {
  const response = await reach(method, path, body, options);
  const value = await read(response);
  if (response.ok && value && fits(value)) return value as Answer;
  throw failure(response.status, value);
}

function failure(status: number, value: Json | null): ApiError {
  const code = value?.['code'];
  if (status >= 500 || status === TOO_MANY) return new ApiError('broken', `http.${status}`, status);
  if (!value || typeof code !== 'string') return new ApiError('malformed', 'api.not_ours', status);
  const { fields, retry } = value;
  return new ApiError('refused', code, status, isJson(fields) ? fields : {}, isRetry(retry) ? retry : 'never');
}

async function reach(method: string, path: string, body: object | undefined, options: Options): Promise<Response> {
  const deadline = AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  try {
    const init: RequestInit = { method, signal, cache: 'no-store', credentials: 'omit', redirect: 'error' };
    if (body) {
      init.body = JSON.stringify(body);
      init.headers = { 'content-type': 'application/json' };
    }
    const response = await fetch(path, init);
    // The body belongs to the deadline too: a half-open link can deliver headers and then nothing.
    const content = response.status === 204 ? null : await response.arrayBuffer();
    return new Response(content, { status: response.status, headers: response.headers });
  } catch (error) {
    if (deadline.aborted) throw new ApiError('timeout', 'api.timeout');
    throw new ApiError('unreachable', 'api.unreachable', 0, { cause: String(error) });
  }
}

async function read(response: Response): Promise<Json | null> {
  if (response.status === 204) return {};
  try {
    const value: unknown = await response.json();
    return isJson(value) ? value : null;
  } catch {
    return null;
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRetry(value: unknown): value is ApiError['retry'] {
  return value === 'never' || value === 'later' || value === 'after_sync' || value === 'ask_staff';
}

function isHealth(value: Json): boolean {
  return value['status'] === 'ok' && isJson(value['cloud']) && typeof value['now'] === 'number';
}

function isOrder(value: Json): boolean {
  return typeof value['number'] === 'string' && typeof value['receipt_key'] === 'string';
}
