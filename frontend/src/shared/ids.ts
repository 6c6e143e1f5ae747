/** Receipt numbers, `SHOP-KIOSK-EPOCH-SEQ`: the identity of an order, born with its token. */

export interface ReceiptNumber {
  shop: number;
  kiosk: number;
  epoch: number;
  seq: number;
}

const SPELLING = /^([1-9]\d*)-([1-9]\d*)-([1-9]\d*)-([1-9]\d*)$/;

/** The four parts, or null for any spelling but the canonical one. */
export function parseNumber(text: string): ReceiptNumber | null {
  const found = SPELLING.exec(text);
  if (!found) return null;
  const [shop = 0, kiosk = 0, epoch = 0, seq = 0] = found.slice(1).map(Number);
  return { shop, kiosk, epoch, seq };
}

/** Order two receipt numbers by what they count, not by how they are spelt. */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.split('-').map(Number), b.split('-').map(Number)];
  for (let i = 0; i < 4; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
