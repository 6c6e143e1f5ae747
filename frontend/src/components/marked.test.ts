import { expect, test } from 'vitest';
import { pieces } from './marked';

const marked = (name: string, query: string): string =>
  pieces(name, query)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join('');

test.each([
  ['Scented candle, lemon', 'can', 'Scented [can]dle, lemon'],
  ['Scented candle, lemon', 'CANDLE le', 'Scented [candle], [le]mon'],
  ['Crème brûlée dish', 'creme brul', '[Crème] [brûl]ée dish'],
  ['Straßenkarte', 'stra', '[Stra]ßenkarte'],
  ['Tea-towel', 'tow', 'Tea-[tow]el'],
  ['كوب كريمي', 'كري', 'كوب [كري]مي'],
  ['Postcard', 'card', 'Postcard'],
  ['Mug', '', 'Mug'],
  ['Mug', '  ', 'Mug'],
])('%s for "%s" is %s', (name, query, shown) => {
  expect(marked(name, query)).toBe(shown);
});

test('nothing of the name is lost', () => {
  const name = 'Émile’s “très” fine – 50 % off, (boxed)';
  expect(
    pieces(name, 'em tr 50 box')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(name);
});
