import { expect, test } from 'vitest';
import { verified } from '../../tests/kiosk';
import { fromBase64Url } from './bytes';
import { lowS, newSigningKey, peekClaims, publicJwk, signJws, thumbprint } from './jws';

const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

const sOf = (signature: Uint8Array): bigint =>
  signature.subarray(32).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

test('a signed JWS verifies, carries its key and type, and always has the lower s', async () => {
  const keys = await newSigningKey();
  for (let i = 0; i < 20; i += 1) {
    const jws = await signJws(keys, 'order+jws', { rn: `1-1-1-${i}`, lang: 'العربية' });

    const { header, claims } = await verified(jws);

    expect(header.typ).toBe('order+jws');
    expect(header.kid).toBe(await thumbprint(await publicJwk(keys)));
    expect(claims).toEqual({ rn: `1-1-1-${i}`, lang: 'العربية' });
    expect(sOf(fromBase64Url(jws.split('.')[2] ?? ''))).toBeLessThanOrEqual(HALF_ORDER);
  }
});

test('the private key cannot leave the browser', async () => {
  const { privateKey } = await newSigningKey();

  await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow();
});

test('a high s is exchanged for its twin, a low one stays', () => {
  const signature = new Uint8Array(64).fill(0xff, 32, 36);
  signature[63] = 1;

  const low = lowS(signature);

  expect(sOf(low)).toBe(2n * HALF_ORDER + 1n - sOf(signature));
  expect(lowS(low)).toBe(low);
});

test('a thumbprint follows RFC 7638', async () => {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  } as const;

  expect(await thumbprint(jwk)).toBe('oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U');
});

test('claims are read from a token, and nothing from what is none', () => {
  expect(peekClaims(`e30.${btoa('{"rn":"1-1-1-1"}')}.x`)).toEqual({ rn: '1-1-1-1' });
  for (const odd of ['', 'a.b.c', `e30.${btoa('7')}.x`]) expect(peekClaims(odd)).toBeNull();
});
