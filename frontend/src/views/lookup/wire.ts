/** A receipt as the kiosk tells it, read with care: it may come from a newer or older shop. */
export interface FetchedReceipt {
  number: string;
  shop: string;
  currency: string;
  exponent: number;
  inclusive: boolean;
  placedAt: number | null;
  totalMinor: number;
  taxMinor: number;
  state: 'confirmed' | 'review' | 'void';
  lines: { name: string; qty: number; totalMinor: number }[];
}

type Json = Readonly<Record<string, unknown>>;

const DEADLINE_MS = 6000; // a phone on the shop's wireless is slower than the kiosk's own screen

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const whole = (value: unknown): number => (Number.isSafeInteger(value) ? Number(value) : 0);

/** An ISO text as milliseconds. */
function instant(value: unknown): number | null {
  const parsed = Date.parse(text(value));
  return Number.isNaN(parsed) ? null : parsed;
}

/** The receipt in an answer of `/api/receipts/{key}`; null when it is none. */
export function readReceipt(value: unknown): FetchedReceipt | null {
  if (!isJson(value) || text(value['number']) === '' || !Array.isArray(value['lines'])) return null;
  const shop = isJson(value['shop']) ? value['shop'] : {};
  const state = text(value['state']);
  return {
    number: text(value['number']),
    shop: text(shop['name']),
    currency: text(value['currency']) || 'EUR',
    exponent: shop['exponent'] === undefined ? 2 : whole(shop['exponent']),
    inclusive: shop['inclusive'] !== false,
    placedAt: instant(value['placed_at']),
    totalMinor: whole(value['total_minor']),
    taxMinor: whole(value['tax_minor']),
    state: state === 'review' || state === 'void' ? state : 'confirmed',
    lines: value['lines'].filter(isJson).map((line) => ({
      name: text(line['name']),
      qty: whole(line['qty']),
      totalMinor: whole(line['total_minor']),
    })),
  };
}

/** Null when nobody knows it, or nobody can be asked: to the person holding the slip that is the same. */
export async function fetchReceipt(key: string): Promise<FetchedReceipt | null> {
  try {
    const response = await fetch(`/api/receipts/${encodeURIComponent(key)}`, {
      signal: AbortSignal.timeout(DEADLINE_MS),
      cache: 'no-store',
    });
    return response.ok ? readReceipt(await response.json()) : null;
  } catch {
    return null;
  }
}
