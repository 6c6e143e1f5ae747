/**
 * A kiosk behind `fetch`: it checks signatures, takes each order once and answers the same bytes alike, and its link
 * fails on demand. Only the wire is imitated; what the real kiosk decides is tested against the real kiosk.
 */
import { createHash } from 'node:crypto';
import type { ContactIn, CoreSeed, OrderOut, PushSubscriptionIn, SeedItem } from '../src/api/types';
import { fromBase64Url, toBase64Url } from '../src/shared/bytes';
import { contentSha256 } from '../src/shared/content';
import type { PublicJwk } from '../src/shared/jws';

export type Fault = 'fine' | 'down' | 'lost_answer' | 'hangs' | 'captive' | 'error';

interface Body {
  jwk: PublicJwk;
  request: string;
  order: string;
  slip_shown: boolean;
  numbers: string[];
  contents: Record<string, string>;
}

interface Claims {
  rn: string;
  total: number;
  lines: [number, number, number][];
}

const json = (value: unknown, status = 200): Response => Response.json(value, { status });
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

export class Kiosk {
  readonly orders = new Map<string, { input: string; answer: OrderOut; times: number }>();
  readonly unspent: string[] = [];
  readonly calls: string[] = [];
  readonly subscriptions: PushSubscriptionIn[] = [];
  readonly contacts: (ContactIn & { key: string })[] = [];
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  stages: { name: string; items: SeedItem[] }[] = [];
  book = 1;
  cloud: 'connected' | 'alone' = 'connected';
  mails = true;
  clockAheadS = 0;
  tokensMax = 3;
  tokenLimit = 10_000;
  refusal: { code: string; fields?: object } | null = null;
  recommends: { items: number[]; model_version: number } = { items: [1], model_version: 7 };
  private faults = new Map<string, Fault>();
  private seats: PublicJwk[] = [];
  private requests = new Map<string, string[]>();
  private seq = 0;

  install(): this {
    globalThis.fetch = (input, init) => this.take(String(input instanceof Request ? input.url : input), init);
    return this;
  }

  /** What happens to requests whose path starts so, from now on. */
  fault(path: string, fault: Fault): void {
    this.faults.set(path, fault);
  }

  heal(): void {
    this.faults.clear();
  }

  offer(name: string, kind: SeedItem['kind'], content: Uint8Array<ArrayBuffer> | object): SeedItem {
    const bytes = content instanceof Uint8Array ? content : new TextEncoder().encode(JSON.stringify(content));
    const hash = sha256(bytes);
    const item: SeedItem = { url: `/api/seeds/${hash}`, sha256: hash, size_bytes: bytes.length, kind, count: 1 };
    this.files.set(item.url, bytes);
    this.stages = [...this.stages.filter((stage) => stage.name !== name), { name, items: [item] }];
    return item;
  }

  now(): number {
    return Math.floor(Date.now() / 1000) + this.clockAheadS;
  }

  private async take(url: string, init: RequestInit = {}): Promise<Response> {
    const path = new URL(url, 'http://kiosk').pathname;
    this.calls.push(`${init.method ?? 'GET'} ${path}`);
    const fault = [...this.faults].find(([start]) => path.startsWith(start))?.[1] ?? 'fine';
    if (fault === 'down') throw new TypeError('fetch failed');
    if (fault === 'hangs') return hang(init.signal);
    if (fault === 'captive') return new Response('<html>Sign in to the network</html>');
    if (fault === 'error') return json({ code: 'kernel.error' }, 500);
    const answer = await this.answer(path, init);
    if (fault === 'lost_answer') throw new TypeError('fetch failed');
    return answer;
  }

  private async answer(path: string, init: RequestInit): Promise<Response> {
    const body = (typeof init.body === 'string' ? JSON.parse(init.body) : {}) as Body;
    if (path === '/api/health') return json(this.health());
    if (path === '/api/seats') return json(await this.seat(body.jwk));
    if (path === '/api/tokens') return this.tokens(body.request);
    if (path === '/api/orders') return this.place(body.order, body.slip_shown);
    if (path === '/api/orders/status') return json({ orders: await this.statuses(body) });
    if (path === '/api/recommendations')
      return json({ ...this.recommends, confidence: 0.5, source: 'kiosk-model', features_age_s: 60 });
    if (path === '/api/push/subscriptions') return this.subscribe(JSON.parse(String(init.body)) as PushSubscriptionIn);
    if (path.endsWith('/contact')) return this.contact(path, JSON.parse(String(init.body)) as ContactIn);
    if (path === '/api/seeds') return json({ version: '1', stages: this.stages });
    return this.file(path, new Headers(init.headers).get('range'));
  }

  private subscribe(wish: PushSubscriptionIn): Response {
    this.subscriptions.push(wish);
    return new Response(null, { status: 204 });
  }

  private contact(path: string, said: ContactIn): Response {
    if (this.refusal) return json({ fields: {}, retry: 'never', ...this.refusal }, 422);
    this.contacts.push({ ...said, key: path.split('/')[3] ?? '' });
    return new Response(null, { status: 204 });
  }

  private health(): object {
    const isStalled = this.cloud !== 'connected';
    const cloud = { state: this.cloud, last_contact_age_s: isStalled ? 3600 : 1, grade: 'B', is_stalled: isStalled };
    const here = { cloud, book: this.book, epoch: 1, mails_receipts: this.mails, now: this.now() };
    return { status: 'ok', role: 'kiosk', kiosk_id: 1, shop_id: 1, ...here };
  }

  private async seat(jwk: PublicJwk): Promise<object> {
    const known = this.seats.findIndex((seat) => seat.x === jwk.x);
    const place = known >= 0 ? known : this.seats.push(jwk) - 1;
    const claims = { jti: `seat-${place}`, aud: 1, exp: this.now() + 12 * 3600, max_tokens: this.tokensMax };
    return {
      seat: unsigned(claims),
      seat_id: `seat-${place}`,
      expires_at: '',
      purpose: 'screen',
      jkt: await jktOf(jwk),
    };
  }

  private async tokens(request: string): Promise<Response> {
    const { header, claims, input } = await verified(request);
    const { want, unspent } = claims as unknown as { want: number; unspent: string[] };
    this.unspent.push(...unspent);
    const before = this.requests.get(input) ?? (await this.mint(want, await jktOf(header.jwk)));
    this.requests.set(input, before);
    return json({ tokens: before, released: unspent });
  }

  private async mint(want: number, jkt: string): Promise<string[]> {
    await Promise.resolve();
    return Array.from({ length: want }, () => {
      this.seq += 1;
      const exp = this.now() + 12 * 3600;
      return unsigned({ rn: `1-1-1-${this.seq}`, aud: 1, max: this.tokenLimit, book: 1, exp, cnf: { jkt } });
    });
  }

  private async place(order: string, slipShown: boolean): Promise<Response> {
    const { claims, input } = await verified(order);
    const { rn, total } = claims as unknown as Claims;
    const known = this.orders.get(rn);
    if (known && known.input !== input)
      return json({ code: 'checkout.number_reused', fields: {}, retry: 'ask_staff' }, 409);
    if (known) {
      known.times += 1;
      return json(known.answer);
    }
    if (this.refusal && !slipShown) return json({ fields: {}, retry: 'later', ...this.refusal }, 409);
    const answer: OrderOut = {
      ...{ number: rn, order_id: rn, delivery: 'committed', payment: 'due', handover: 'open', review: null },
      ...{
        total_minor: total,
        currency: 'EUR',
        receipt_key: `key-${rn}`,
        placed_at: new Date(this.now() * 1000).toISOString(),
      },
    };
    this.orders.set(rn, { input, answer, times: 1 });
    return json(answer);
  }

  private statuses({ numbers, contents }: Body): Promise<object[]> {
    const asked = numbers.map(async (number) => {
      const order = this.orders.get(number);
      const isSame = order && contents[number] === (await contentSha256(order.input));
      const { delivery = null, payment = null, handover = null, review = null } = (isSame && order.answer) || {};
      return { number, known: isSame ?? false, delivery, payment, handover, review };
    });
    return Promise.all(asked);
  }

  private file(path: string, range: string | null): Response {
    const bytes = this.files.get(path);
    if (!bytes) return json({ code: 'kernel.not_found', fields: {}, retry: 'never' }, 404);
    const headers = { 'content-type': path.startsWith('/media/') ? 'image/svg+xml' : 'application/octet-stream' };
    if (range === null) return new Response(bytes, { headers });
    const from = Number(/bytes=(\d+)-/.exec(range)?.[1]);
    const place = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    return new Response(bytes.slice(from), { status: 206, headers: { ...headers, ...place } });
  }
}

/** A shelf of three products: a mug, a candle, and a print of which each is the last. */
export function smallShelf(book = 1, mugPrice = 450): CoreSeed {
  const shop: CoreSeed['shop'] = {
    ...{
      id: 1,
      name: 'Lantern',
      kiosk_id: 1,
      currency: 'EUR',
      exponent: 2,
      inclusive: true,
      book,
      catalogue_version: 1,
      timezone: 'UTC',
    },
    ...{ languages: ['en', 'de', 'ar'], default_language: 'en', tenders: ['cash', 'card'], vapid_public_key: '' },
    categories: [{ id: 1, slug: 'home', names: { en: 'Home', de: 'Wohnen' } }],
  };
  const products: CoreSeed['products'] = {
    id: [1, 2, 3],
    category: [1, 1, 1],
    price: [mugPrice, 1290, 2500],
    tax: ['standard', 'standard', 'reduced'],
    policy: ['shelf', 'shelf', 'strict'],
    availability: ['in_stock', 'in_stock', 'few_left'],
    colour: ['#aa8866', '#ffeecc', '#224466'],
    image: [null, null, null],
    barcode: ['4006381333931', null, null],
    names: {
      en: ['Blue mug', 'Beeswax candle', 'Harbour print'],
      de: ['Blaue Tasse', 'Bienenwachskerze', 'Hafenbild'],
    },
    popular: [2, 1, 3],
  };
  return { shop, book, rates: { standard: 1900, reduced: 700 }, products };
}

function unsigned(claims: object): string {
  const part = (value: object): string => toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
  return `${part({ alg: 'ES256' })}.${part(claims)}.AA`;
}

async function jktOf({ crv, kty, x, y }: PublicJwk): Promise<string> {
  const canonical = JSON.stringify({ crv, kty, x, y });
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical))));
}

/** What a JWS says once its signature holds. Raises: Error. */
export async function verified(
  jws: string,
): Promise<{ header: { jwk: PublicJwk; typ: string; kid: string }; claims: Record<string, unknown>; input: string }> {
  const [head = '', body = '', signature = ''] = jws.split('.');
  const read = (part: string): never => JSON.parse(new TextDecoder().decode(fromBase64Url(part))) as never;
  const header = read(head) as { jwk: PublicJwk; typ: string; kid: string };
  const key = await crypto.subtle.importKey('jwk', { ...header.jwk }, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'verify',
  ]);
  const input = `${head}.${body}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const isGood = await crypto.subtle.verify(algorithm, key, fromBase64Url(signature), new TextEncoder().encode(input));
  if (!isGood) throw new Error('bad signature');
  return { header, claims: read(body), input };
}

function hang(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('aborted', 'AbortError'));
    });
  });
}
