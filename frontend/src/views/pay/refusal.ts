/** What a refused payment means for the person in front of the screen. */
export type Refusal =
  | { kind: 'limit' }
  | { kind: 'stock'; productId: number; available: number }
  | { kind: 'price'; totalMinor: number }
  | { kind: 'tender' }
  | { kind: 'other' };

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** Codes and fields come from another machine: what does not read as expected is "other", which is always safe to show. */
export function readRefusal(code: string, fields: Readonly<Record<string, unknown>>): Refusal {
  if (code === 'checkout.limit_exceeded') return { kind: 'limit' };
  if (code === 'checkout.tender_refused') return { kind: 'tender' };
  const totalMinor = whole(fields['total_minor']);
  if (code === 'checkout.price_changed' && totalMinor !== null) return { kind: 'price', totalMinor };
  const productId = whole(fields['product_id']);
  if (code === 'checkout.stock_short' && productId !== null)
    return { kind: 'stock', productId, available: whole(fields['available']) ?? 0 };
  return { kind: 'other' };
}
