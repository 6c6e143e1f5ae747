import { expect, test } from 'vitest';
import { plainComfort, readComfort } from './comfort';

test('what was chosen comes back', () => {
  const chosen = { text: 1.5, theme: 'dark', contrast: true, motion: false, reach: true };

  expect(readComfort(JSON.stringify(chosen))).toEqual(chosen);
});

test.each([null, '', '{', 'null', '7', '{"text":40,"theme":"neon","contrast":"yes"}'])(
  '%s is the plain screen',
  (kept) => {
    expect(readComfort(kept)).toEqual(plainComfort);
  },
);
