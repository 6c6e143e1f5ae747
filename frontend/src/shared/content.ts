/**
 * What an order says, in one value, as the kiosk computes it (edgeshop/checkout/services/sale.py): however it is signed,
 * who says the same thing has the same hash.
 */
import { sha256Hex } from './bytes';
import { peekClaims } from './jws';

/** SHA-256 of what a signed order says, in hex; null for bytes that do not read as an order. */
export async function contentSha256(order: string): Promise<string | null> {
  const claims = peekClaims(order);
  if (!claims) return null;
  const { rn, book, lines, total, tender, lang } = claims;
  // Whole numbers and texts only, for which JSON.stringify is RFC 8785.
  return sha256Hex(new TextEncoder().encode(JSON.stringify([rn, book, lines, total, tender, lang])));
}
