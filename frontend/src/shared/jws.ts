/**
 * Compact JWS with ES256 on WebCrypto, as the vault on the kiosk reads it: `kid` is the RFC 7638 thumbprint, and s is
 * always the lower of the two twins (r, s) and (r, n - s), because verification there refuses the other.
 * Source: RFC 7515, RFC 7518 section 3.4, RFC 7638.
 */
import { fromBase64Url, sha256, toBase64Url } from './bytes';

export interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

const ES256 = { name: 'ECDSA', hash: 'SHA-256' };
const CURVE_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF = 32; // bytes of r, and of s

/** A fresh signing key that never leaves the browser's key store. */
export function newSigningKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
}

export async function publicJwk(keys: CryptoKeyPair): Promise<PublicJwk> {
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', keys.publicKey);
  return { kty: 'EC', crv: 'P-256', x, y };
}

export async function thumbprint(jwk: PublicJwk): Promise<string> {
  const canonical = JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y });
  return toBase64Url(await sha256(new TextEncoder().encode(canonical)));
}

/** Sign `claims` once: the answer is what travels on every path. */
export async function signJws(keys: CryptoKeyPair, typ: string, claims: object): Promise<string> {
  const jwk = await publicJwk(keys);
  const header = { alg: 'ES256', typ, kid: await thumbprint(jwk), jwk };
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = await crypto.subtle.sign(ES256, keys.privateKey, new TextEncoder().encode(input));
  return `${input}.${toBase64Url(lowS(new Uint8Array(signature)))}`;
}

/** The claims of a token, read without verifying: only the kiosk's opinion of it counts. Null when malformed. */
export function peekClaims(token: string): Record<string, unknown> | null {
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(token.split('.')[1] ?? '')));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The signature (r, s) with s in the lower half of the curve's order. */
export function lowS(signature: Uint8Array): Uint8Array {
  const s = toInteger(signature.subarray(HALF));
  if (s <= CURVE_ORDER / 2n) return signature;
  const low = new Uint8Array(signature);
  let rest = CURVE_ORDER - s;
  for (let place = 2 * HALF - 1; place >= HALF; place -= 1) {
    low[place] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return low;
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function encode(part: object): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(part)));
}
