import { expect, test, vi } from 'vitest';
import {
  address,
  back,
  navigate,
  parse,
  replace,
  replaceSoon,
  route,
  shelfRoute,
  startRouter,
  type Route,
} from './router';

const stack: { state: unknown; url: string }[] = [];

/** A browser's history as far as the router uses it. */
function openAt(url: string): void {
  stack.splice(0, stack.length, { state: null, url });
  const go = (next: string): void => {
    vi.stubGlobal('location', new URL(next, 'http://127.0.0.1:8000'));
  };
  go(url);
  vi.stubGlobal('history', {
    get state() {
      return stack[stack.length - 1]?.state ?? null;
    },
    pushState: (state: unknown, _: string, next: string) => {
      stack.push({ state, url: next });
      go(next);
    },
    replaceState: (state: unknown, _: string, next: string) => {
      stack.splice(-1, 1, { state, url: next });
      go(next);
    },
    back: () => {
      stack.pop();
      go(stack[stack.length - 1]?.url ?? '/');
      dispatchEvent(new Event('popstate'));
    },
  });
  startRouter();
}

/** What a page that is being left does: its address is up to date. */
const leave = (): boolean => dispatchEvent(new Event('pagehide'));

test.each<[string, Route]>([
  ['/', { name: 'attract' }],
  ['/shelf', { name: 'shelf', category: null, q: '' }],
  ['/shelf?c=4&q=blue+mug', { name: 'shelf', category: 4, q: 'blue mug' }],
  ['/product/104', { name: 'product', id: 104 }],
  ['/basket', { name: 'basket', hold: null }],
  ['/basket?hold=12x2.44x1', { name: 'basket', hold: '12x2.44x1' }],
  ['/pay', { name: 'pay' }],
  ['/receipt/3-7-1-000418', { name: 'receipt', number: '3-7-1-000418' }],
  ['/r/Zk3vQ0cN1xM8pT5uY2aB7w', { name: 'lookup', key: 'Zk3vQ0cN1xM8pT5uY2aB7w' }],
])('%s names a screen and back', (url, screen) => {
  const { pathname, search } = new URL(url, 'http://127.0.0.1');

  expect(parse(pathname, search)).toEqual(screen);
  expect(address(screen)).toBe(url);
});

test.each(['/nowhere', '/product/', '/product/-1', '/product/1.5', '/receipt', '/r', '/%E0%A4%A'])(
  '%s is nowhere in particular, so the first screen',
  (path) => {
    expect(parse(path)).toEqual({ name: 'attract' });
  },
);

test('a category that is no number is every category', () => {
  expect(parse('/shelf', '?c=mugs')).toEqual({ name: 'shelf', category: null, q: '' });
});

test('back from a product is the shelf as it was', () => {
  openAt('/shelf?c=4');
  navigate({ name: 'product', id: 104 });

  back();

  expect(route.value).toEqual({ name: 'shelf', category: 4, q: '' });
});

test('back from an address that was opened directly is the shelf', () => {
  openAt('/');
  openAt('/product/104');

  back();

  expect(route.value).toEqual({ name: 'shelf', category: null, q: '' });
  leave();
});

test('typing writes one address, not one per letter', () => {
  openAt('/shelf');
  for (const q of ['m', 'mu', 'mug']) replaceSoon({ name: 'shelf', category: null, q });

  expect([route.value, stack.length, stack[0]?.url]).toEqual([
    { name: 'shelf', category: null, q: 'mug' },
    1,
    '/shelf',
  ]);
  leave();
  expect(stack.map(({ url }) => url)).toEqual(['/shelf?q=mug']);
});

test('the next person starts on a clean shelf', () => {
  openAt('/shelf?c=4&q=mug');

  replace({ name: 'attract' });

  expect(stack[0]?.url).toBe('/'); // at once: a reload in the next moment must not find the shelf of the last one
  expect(shelfRoute.value).toEqual({ name: 'shelf', category: null, q: '' });
  leave();
});
