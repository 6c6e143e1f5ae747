/** A basket as an address, so that a colleague at the counter can open it from a code on the screen. */
import type { Line } from '../../stores/types';

const LINES_MAX = 60; // more would make the code too fine to scan from a screen
const QTY_MAX = 99;

/** "12x2.44x1": products and quantities only, nothing about the person. */
export function packBasket(lines: readonly Line[]): string {
  return lines
    .slice(0, LINES_MAX)
    .map((line) => `${line.productId}x${line.qty}`)
    .join('.');
}

/** What `packBasket` packed; anything else in the text is left out. */
export function unpackBasket(text: string): Line[] {
  return text
    .split('.')
    .slice(0, LINES_MAX)
    .flatMap((part) => {
      const [, id, qty] = /^([1-9]\d{0,9})x([1-9]\d?)$/.exec(part) ?? [];
      return id !== undefined && qty !== undefined
        ? [{ productId: Number(id), qty: Math.min(Number(qty), QTY_MAX) }]
        : [];
    });
}
