/** The basket of this shopper. It survives a reload of the page, not the shopper. */
import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { priceBasket } from '../shared/money';
import { products, rates, shelfState, shop } from './shelf';
import type { BasketTotals, Line } from './types';

const QTY_MAX = 999; // a slip of the finger on a stepper, not a wholesale order
const KEPT_AS = 'edgeshop.basket';

const _lines = signal<readonly Line[]>([]);
const removed = signal<{ line: Line; place: number } | null>(null);
const coming = signal(sessionStorage.getItem(KEPT_AS) !== null);
let isFrozen = false;

export const lines: ReadonlySignal<readonly Line[]> = _lines;
export const count: ReadonlySignal<number> = computed(() => _lines.value.reduce((sum, line) => sum + line.qty, 0));
/** A basket of before a reload is still to be brought back. */
export const isComing: ReadonlySignal<boolean> = coming;
export const canUndo: ReadonlySignal<Line | null> = computed(() => removed.value?.line ?? null);

export const totals: ReadonlySignal<BasketTotals> = computed(() => {
  const priced = priceBasket(pricedLines(_lines.value), 0, shop.value?.inclusive ?? true);
  const { totalMinor, taxMinor, taxByRate, lineTotals } = priced;
  return { totalMinor, taxMinor, taxByRate, lineTotals };
});

export function add(id: number): void {
  const line = find(id);
  if (line) setQty(id, line.qty + 1);
  else if (products.peek().has(id)) change([..._lines.peek(), { productId: id, qty: 1 }]);
}

export function setQty(id: number, qty: number): void {
  if (qty < 1) {
    remove(id);
    return;
  }
  const bounded = Math.min(Math.trunc(qty), QTY_MAX);
  change(_lines.peek().map((line) => (line.productId === id ? { ...line, qty: bounded } : line)));
}

export function remove(id: number): void {
  const place = _lines.peek().findIndex((line) => line.productId === id);
  const line = _lines.peek()[place];
  if (line) change(_lines.peek().toSpliced(place, 1), { line, place });
}

/** Put the line that was removed last back where it was. */
export function undo(): void {
  const back = removed.peek();
  if (back && !find(back.line.productId)) change(_lines.peek().toSpliced(back.place, 0, back.line));
}

export function clear(): void {
  change([]);
}

/** Nothing changes the basket while it is being paid for. */
export function freeze(frozen: boolean): void {
  isFrozen = frozen;
}

/** Forget it whatever is under way. */
export function wipe(): void {
  isFrozen = false;
  clear();
}

/** Quantity, unit price and rate per line, in line order. */
export function pricedLines(
  of: readonly Line[],
): { productId: number; qty: number; unitMinor: number; rateBp: number }[] {
  const [all, rateOf] = [products.value, rates.value];
  return of.map(({ productId, qty }) => {
    const product = all.get(productId);
    return { productId, qty, unitMinor: product?.priceMinor ?? 0, rateBp: rateOf[product?.taxClass ?? ''] ?? 0 };
  });
}

/** Bring back the basket of before a reload, and drop what the shop no longer sells. */
export function startBasket(): void {
  batch(() => {
    change(restore());
    coming.value = false;
  });
  effect(() => {
    if (shelfState.value !== 'ready') return;
    const sold = products.value;
    const kept = _lines.peek().filter((line) => sold.has(line.productId));
    if (kept.length < _lines.peek().length) change(kept);
  });
}

function find(id: number): Line | undefined {
  return _lines.peek().find((line) => line.productId === id);
}

function change(next: readonly Line[], gone: { line: Line; place: number } | null = null): void {
  if (isFrozen) return;
  batch(() => {
    _lines.value = next;
    removed.value = gone;
  });
  if (next.length > 0) sessionStorage.setItem(KEPT_AS, JSON.stringify(next));
  else sessionStorage.removeItem(KEPT_AS);
}

function restore(): Line[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isLine) : [];
  } catch {
    return [];
  }
}

function isLine(value: unknown): value is Line {
  const line = value as Partial<Line> | null;
  return Number.isInteger(line?.productId) && Number.isInteger(line?.qty) && Number(line?.qty) > 0;
}
