/**
 * Money in integer minor units: the arithmetic of edgeshop/kernel/money.py, held to the same worked examples
 * (tests/data/money_vectors.json). Products of money and rate pass 2^53, so they are taken in BigInt.
 */

const WHOLE_BP = 10_000; // basis points in 100 %

export interface PricedLine {
  qty: number;
  unitMinor: number;
  rateBp: number;
}

/** What a basket comes to; `totalMinor` is what the shopper pays. Units: minor units, rates in basis points. */
export interface Totals {
  lineTotals: number[];
  discounts: number[];
  netMinor: number;
  taxByRate: Record<string, number>;
  taxMinor: number;
  totalMinor: number;
}

/** n / d rounded to the nearest integer, a half away from zero. Raises: RangeError unless d > 0. */
export function halfUp(n: number | bigint, d: number): number {
  if (d <= 0) throw new RangeError('The divisor of a rounding is positive.');
  const exact = BigInt(n);
  const divisor = BigInt(d);
  const positive = exact < 0n ? -exact : exact;
  const rounded = (2n * positive + divisor) / (2n * divisor);
  return Number(exact < 0n ? -rounded : rounded);
}

/** Shares of `amount` by weight that sum to it exactly: largest remainder, the earlier place wins a tie. */
export function prorate(amount: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (weights.some((weight) => weight < 0) || (amount !== 0 && whole === 0n)) {
    throw new RangeError('An amount is shared over weights that are not negative and not all zero.');
  }
  if (amount === 0) return weights.map(() => 0);
  const parts = weights.map((weight, place) => {
    const product = BigInt(Math.abs(amount)) * BigInt(weight);
    return { place, share: Number(product / whole), rest: product % whole };
  });
  const left = Math.abs(amount) - parts.reduce((sum, part) => sum + part.share, 0);
  const ranked = [...parts].sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1));
  for (const part of ranked.slice(0, left)) part.share += 1;
  return parts.map((part) => (amount > 0 ? part.share : 0 - part.share));
}

/** Price a basket: line = quantity × unit, discount shared over the lines, tax per rate on the sum per rate. */
export function priceBasket(lines: readonly PricedLine[], discountMinor = 0, inclusive = true): Totals {
  const lineTotals = lines.map((line) => line.qty * line.unitMinor);
  const discounts = prorate(discountMinor, lineTotals);
  const sums = new Map<number, number>();
  lines.forEach((line, i) => {
    sums.set(line.rateBp, (sums.get(line.rateBp) ?? 0) + (lineTotals[i] ?? 0) - (discounts[i] ?? 0));
  });
  const taxByRate: Record<string, number> = {};
  let [taxMinor, paidMinor] = [0, 0];
  for (const [rate, base] of [...sums].sort(([a], [b]) => a - b)) {
    const tax = taxOn(base, rate, inclusive);
    taxByRate[rate] = tax;
    taxMinor += tax;
    paidMinor += base;
  }
  const netMinor = inclusive ? paidMinor - taxMinor : paidMinor;
  return { lineTotals, discounts, netMinor, taxByRate, taxMinor, totalMinor: netMinor + taxMinor };
}

function taxOn(base: number, rateBp: number, inclusive: boolean): number {
  return halfUp(BigInt(base) * BigInt(rateBp), inclusive ? WHOLE_BP + rateBp : WHOLE_BP);
}
