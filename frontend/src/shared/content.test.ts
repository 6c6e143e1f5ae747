import { expect, test } from 'vitest';
import { toBase64Url } from './bytes';
import { contentSha256 } from './content';
import { newSigningKey, signJws } from './jws';

const SAID = { rn: '3-12-1-7', token: 't', book: 2, lines: [[1, 2, 250]], total: 500, tender: 'cash', lang: 'de' };

test('an order has the hash that the kiosk computes, whenever and by whomever it is signed', async () => {
  const [one, two] = [await newSigningKey(), await newSigningKey()];

  const hashes = await Promise.all([
    contentSha256(await signJws(one, 'order+jws', { ...SAID, at: 1 })),
    contentSha256(await signJws(two, 'order+jws', { ...SAID, at: 2, token: 'u' })),
  ]);

  expect(hashes).toEqual([
    '44b6a90f2ca3761463a6682fe880fa7706f497e30a4766837c6a48f15ade74bb',
    '44b6a90f2ca3761463a6682fe880fa7706f497e30a4766837c6a48f15ade74bb',
  ]); // tests/unit/checkout/test_envelope.py has the same
});

test('another content has another hash, and what is no order has none', async () => {
  const keys = await newSigningKey();

  expect(await contentSha256(await signJws(keys, 'order+jws', { ...SAID, total: 501 }))).not.toBe(
    '44b6a90f2ca3761463a6682fe880fa7706f497e30a4766837c6a48f15ade74bb',
  );
  expect(await contentSha256('order-1')).toBeNull();
  expect(await contentSha256(`e30.${toBase64Url(new TextEncoder().encode('7'))}.AA`)).toBeNull();
});
