import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';

const files = new Map([
  ['/', '<!doctype html>'],
  ['/assets/index-1.js', 'console.log(1)'],
  ['/assets/font-1.woff2', 'glyphs'],
]);
const served = new Map<string, Response | string>();
const asked: string[] = [];

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const listOf = (of: Map<string, string>) => [...of].map(([url, text]) => [url, hash(text), text.length]);

/** The worker of a build, as the build script would have made it. */
async function worker(build: string, of = files) {
  vi.resetModules();
  vi.stubGlobal('__BUILD__', build);
  vi.stubGlobal('__PRECACHE__', listOf(of));
  return { ...(await import('./precache')), ...(await import('./strategies')) };
}

beforeEach(() => {
  served.clear();
  asked.length = 0;
  for (const [url, text] of files) served.set(url, text);
  globalThis.fetch = (input) => {
    const path = new URL(input instanceof Request ? input.url : String(input), location.origin).pathname;
    asked.push(path);
    const found = served.get(path);
    if (found instanceof Response) return Promise.resolve(found.clone());
    return Promise.resolve(new Response(found ?? 'missing', { status: found === undefined ? 404 : 200 }));
  };
});

const request = (path: string, init: RequestInit & { navigate?: boolean; image?: boolean } = {}): Request => {
  const made = new Request(new URL(path, location.origin), init);
  if (init.navigate) Object.defineProperty(made, 'mode', { value: 'navigate' });
  if (init.image) Object.defineProperty(made, 'destination', { value: 'image' });
  return made;
};

describe('a build is installed whole or not at all', () => {
  test('whole: every file, its size told as it goes', async () => {
    const { installShell, fromShell, shellProgress } = await worker('one');
    const told: number[] = [];

    await installShell((done) => told.push(done));

    expect(told.at(-1)).toBe(35);
    expect(await shellProgress()).toEqual({ doneBytes: 35, totalBytes: 35 });
    expect(await (await fromShell('/assets/index-1.js'))?.text()).toBe('console.log(1)');
  });

  test.each([
    ['missing', undefined],
    ['another page with status 200', '<!doctype html><title>Sign in</title>'],
    ['a server error', new Response('oops', { status: 500 })],
  ])('not at all when a file is %s, and the build before serves on', async (_, wrong) => {
    await (await worker('one')).installShell(() => undefined);
    const next = new Map([...files, ['/assets/index-2.js', 'console.log(2)']]);
    const { installShell, fromShell } = await worker('two', next);
    if (wrong !== undefined) served.set('/assets/index-2.js', wrong);

    await expect(installShell(() => undefined)).rejects.toThrow('index-2.js');

    expect(await caches.keys()).toEqual(['edgeshop-shell-one', 'edgeshop-coming']);
    expect(await (await fromShell('/'))?.text()).toBe('<!doctype html>');
  });

  test('files that did not change are not fetched again', async () => {
    await (await worker('one')).installShell(() => undefined);
    asked.length = 0;
    served.set('/assets/index-2.js', 'console.log(2)');
    const { installShell } = await worker('two', new Map([...files, ['/assets/index-2.js', 'console.log(2)']]));

    await installShell(() => undefined);

    expect(asked).toEqual(['/assets/index-2.js']);
  });

  test('one that breaks off goes on where it stopped: files that came are not asked for again', async () => {
    served.set('/assets/font-1.woff2', new Response('oops', { status: 503 }));
    await expect((await worker('one')).installShell(() => undefined)).rejects.toThrow();
    served.set('/assets/font-1.woff2', 'glyphs');
    asked.length = 0;
    const { installShell, fromShell } = await worker('one');

    await installShell(() => undefined);

    expect(asked).toEqual(['/assets/font-1.woff2']);
    expect(await caches.keys()).toEqual(['edgeshop-shell-one']);
    expect(await (await fromShell('/assets/font-1.woff2'))?.text()).toBe('glyphs');
  });

  test('a large file goes on at the byte, and keeps its type', async () => {
    const large = 'g'.repeat(100_000);
    const of = new Map([...files, ['/assets/large-1.woff2', large]]);
    const ranges: string[] = [];
    const place = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (input !== '/assets/large-1.woff2') return place(input, init);
      const range = new Headers(init?.headers).get('range');
      ranges.push(range ?? 'whole');
      if (range === null) return Promise.resolve(new Response(large.slice(0, 40_000)));
      const headers = { 'content-range': 'bytes 40000-99999/100000' };
      return Promise.resolve(new Response(large.slice(40_000), { status: 206, headers }));
    };
    await expect((await worker('one', of)).installShell(() => undefined)).rejects.toMatchObject({
      kind: 'unreachable',
    });
    const { installShell, fromShell } = await worker('one', of);

    await installShell(() => undefined);

    expect(ranges).toEqual(['whole', 'bytes=40000-']);
    const font = await fromShell('/assets/large-1.woff2');
    expect(font?.headers.get('content-type')).toBe('font/woff2');
    expect(await font?.text()).toBe(large);
    const { readParts } = await import('../db/partials');
    expect(await readParts('shell', hash(large))).toEqual([]);
  });

  test('what came for a build that is not wanted any more goes', async () => {
    const gone = new Map([...files, ['/assets/gone-1.js', 'gone'], ['/assets/missing.js', 'missing']]);
    served.set('/assets/gone-1.js', 'gone');
    await expect((await worker('one', gone)).installShell(() => undefined)).rejects.toThrow('missing.js');
    served.delete('/assets/font-1.woff2');
    const next = new Map([...files, ['/assets/missing.js', 'missing']]);

    await expect((await worker('two', next)).installShell(() => undefined)).rejects.toThrow('missing.js');

    const coming = await (await caches.open('edgeshop-coming')).keys();
    expect(coming.map((request) => new URL(request.url).pathname).sort()).toEqual([...files.keys()].sort());
  });

  test('one build before is kept for pages that still run on it, older ones go', async () => {
    for (const build of ['one', 'two', 'three']) await (await worker(build)).installShell(() => undefined);
    const { tidyShells } = await worker('three');

    await tidyShells();

    expect(await caches.keys()).toEqual(['edgeshop-shell-two', 'edgeshop-shell-three']);
  });
});

describe('where answers come from', () => {
  test('every address of the shop is the shell, without the network', async () => {
    const { installShell, answer } = await worker('one');
    await installShell(() => undefined);
    globalThis.fetch = () => Promise.reject(new TypeError('down'));

    for (const path of ['/', '/product/7', '/r/abc?x=1']) {
      expect(await (await answer(request(path, { navigate: true }), 0))?.text()).toBe('<!doctype html>');
    }
    expect(await (await answer(request('/assets/index-1.js'), 0))?.text()).toBe('console.log(1)');
  });

  test('the API, the admin and everything that is not a GET are left alone', async () => {
    const { answer } = await worker('one');

    for (const path of [
      '/api/health',
      '/api/orders',
      '/ws/shop/',
      '/static/a.css',
      '/sw.js',
      `/media/${'0'.repeat(64)}`,
    ]) {
      expect(answer(request(path), 0)).toBeNull();
    }
    expect(answer(request('/admin/', { navigate: true }), 0)).toBeNull();
    expect(answer(request('/enrol', { navigate: true }), 0)).toBeNull();
    expect(answer(request('/assets/index-1.js', { method: 'POST' }), 0)).toBeNull();
    expect(answer(new Request('https://elsewhere.example/assets/x.js'), 0)).toBeNull();
  });

  test('a shell that the browser evicted comes from the kiosk', async () => {
    const { answer } = await worker('one');

    expect(await (await answer(request('/', { navigate: true }), 0))?.text()).toBe('<!doctype html>');
  });

  test('a picture is fetched once, and kept only when it is itself', async () => {
    const { answer } = await worker('one');
    const [good, bad] = ['<svg>good</svg>', '<svg>bad</svg>'];
    const headers = { 'content-type': 'image/svg+xml' };
    served.set(`/media/${hash(good)}`, new Response(good, { headers }));
    served.set(`/media/${hash(bad)}`, new Response('<svg>other</svg>', { headers }));

    for (let i = 0; i < 2; i += 1) {
      expect(await (await answer(request(`/media/${hash(good)}`, { image: true }), 0))?.text()).toBe(good);
      await answer(request(`/media/${hash(bad)}`, { image: true }), 0);
    }

    expect(asked.filter((path) => path === `/media/${hash(good)}`)).toHaveLength(1);
    expect(asked.filter((path) => path === `/media/${hash(bad)}`)).toHaveLength(2);
  });
});
