import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { browser } from '../../tests/setup';

const SIZE = 300_000;
const CHUNK = 10_000; // what a link delivers at a time
const PART = 64 * 1024;
const CUTS = Array.from({ length: 49 }, (_, i) => ((i + 1) * SIZE) / 50); // at every 2 %

const content = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 8)) & 255);
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const item = { url: `/api/seeds/${hash(content)}`, sha256: hash(content), size_bytes: SIZE };

/** A kiosk with one file behind a link that counts what it delivers, and ends at a byte when told to. */
class Link {
  fetched = 0;
  readonly asked: string[] = [];
  endsAt = Infinity;
  end: 'cut' | 'silence' = 'cut';
  serves: Uint8Array = content;
  answers: ((from: number) => Response) | null = null;

  install(): this {
    globalThis.fetch = (_, init) => {
      const range = new Headers(init?.headers).get('range');
      this.asked.push(range ?? 'whole');
      const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
      return Promise.resolve(this.answers?.(from) ?? this.answer(from, range !== null));
    };
    return this;
  }

  private answer(from: number, isRest: boolean): Response {
    const size = this.serves.length;
    if (isRest && from >= size) return new Response(null, { status: 416 });
    const headers = isRest ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {};
    return new Response(this.body(from), { status: isRest ? 206 : 200, headers });
  }

  private body(from: number): ReadableStream {
    let at = from;
    const pull = (controller: ReadableStreamDefaultController): Promise<never> | undefined => {
      const to = Math.min(at + CHUNK, this.serves.length, this.endsAt);
      if (to > at) {
        controller.enqueue(this.serves.slice(at, to));
        this.fetched += to - at;
        at = to;
      } else if (at === this.serves.length) controller.close();
      else if (this.end === 'cut') controller.error(new TypeError('network error'));
      else return new Promise(() => undefined);
      return undefined;
    };
    return new ReadableStream({ pull }, { highWaterMark: 0 });
  }
}

/** The modules of a page that has just been loaded. */
async function page() {
  vi.resetModules();
  return { ...(await import('./download')), ...(await import('./partials')), ...(await import('./schema')) };
}

let link: Link;

beforeEach(() => {
  link = new Link().install();
});

/** Download until the link goes silent at `cut`, and kill the browser there. */
async function killedAt(cut: number): Promise<void> {
  const { download } = await page();
  Object.assign(link, { endsAt: cut, end: 'silence' });
  await new Promise<void>((there) => {
    void download('seeds', item, (bytes) => {
      if (bytes >= cut) there();
    });
  });
  browser.crash();
  link.endsAt = Infinity;
}

describe('an interruption costs only what had not arrived', () => {
  test('a link that is cut at every 2 %: nothing is lost, nothing comes twice', async () => {
    for (const cut of CUTS) {
      link.endsAt = cut;
      await expect((await page()).download('seeds', item)).rejects.toMatchObject({ kind: 'unreachable' });
    }
    link.endsAt = Infinity;

    const whole = await (await page()).download('seeds', item);

    expect(hash(new Uint8Array(whole))).toBe(item.sha256);
    expect(link.fetched).toBe(SIZE);
    expect(link.asked).toEqual(['whole', ...CUTS.map((cut) => `bytes=${cut}-`)]);
  });

  /** How much came twice, for a kill at each 2 %; `between` is what befalls the disk meanwhile. */
  async function wastes(between: () => Promise<unknown> = () => Promise.resolve()): Promise<number[]> {
    const found: number[] = [];
    for (const cut of CUTS) {
      browser.wipe();
      link.fetched = 0;
      await killedAt(cut);
      await between();
      const whole = await (await page()).download('seeds', item);
      expect(hash(new Uint8Array(whole))).toBe(item.sha256);
      found.push(link.fetched - SIZE);
    }
    return found;
  }

  test('a browser that is killed at every 2 %: less than a part comes twice', async () => {
    const wasted = await wastes();

    expect(Math.min(...wasted)).toBe(0);
    expect(Math.max(...wasted)).toBeLessThan(PART);
    expect(wasted).toHaveLength(49);
  });

  test('control: without its parts all of it comes twice', async () => {
    const wasted = await wastes(async () => (await page()).dropParts('seeds', item.sha256));

    expect(wasted).toEqual(CUTS);
  });
});

describe('what came wrong', () => {
  test('a beginning that was spoilt on the disk: once more from zero', async () => {
    link.endsAt = 150_000;
    const { download, addPart } = await page();
    await expect(download('seeds', item)).rejects.toMatchObject({ code: 'file.cut_short' });
    await addPart('seeds', item.sha256, 0, new ArrayBuffer(70_000));
    link.endsAt = Infinity;

    await download('seeds', item);

    expect(link.asked).toEqual(['whole', 'bytes=150000-', 'whole']);
  });

  test('a file that is spoilt at its source: once more from zero, then it is said', async () => {
    link.serves = content.slice();
    link.serves[7] = 1 + (content[7] ?? 0);
    const { download, readParts } = await page();

    await expect(download('seeds', item)).rejects.toMatchObject({ kind: 'malformed', code: 'file.bad_hash' });

    expect(link.asked).toEqual(['whole', 'whole']);
    expect(await readParts('seeds', item.sha256)).toEqual([]);
  });

  test.each([
    ['longer', new Uint8Array(SIZE + 1)],
    ['shorter than what is here', content.slice(0, 1000)],
  ])('a file that is %s is not this file', async (_, other) => {
    link.endsAt = 150_000;
    const { download } = await page();
    await expect(download('seeds', item)).rejects.toMatchObject({ code: 'file.cut_short' });
    link.endsAt = Infinity;
    link.serves = other;

    await expect(download('seeds', item)).rejects.toThrow(/file\.(bad_hash|cut_short)/);

    expect(link.asked).toEqual(['whole', 'bytes=150000-', 'whole']);
  });

  test("a hotspot's login page is no beginning", async () => {
    link.answers = () => new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } });
    const { download, readParts } = await page();

    await expect(download('seeds', item)).rejects.toMatchObject({ code: 'file.not_ours' });

    expect(await readParts('seeds', item.sha256)).toEqual([]);
  });

  test('the whole instead of the rest: it begins again', async () => {
    link.endsAt = 150_000;
    const { download } = await page();
    await expect(download('seeds', item)).rejects.toMatchObject({ code: 'file.cut_short' });
    link.endsAt = Infinity;
    link.answers = () => new Response(content);

    expect(hash(new Uint8Array(await download('seeds', item)))).toBe(item.sha256);
  });

  test.each([
    [404, 'malformed'],
    [503, 'broken'],
  ])('an answer %d leaves the beginning where it is', async (status, kind) => {
    link.endsAt = 150_000;
    const { download } = await page();
    await expect(download('seeds', item)).rejects.toMatchObject({ code: 'file.cut_short' });
    link.answers = () => new Response(null, { status });
    await expect(download('seeds', item)).rejects.toMatchObject({ kind, status });
    Object.assign(link, { answers: null, endsAt: Infinity });

    await download('seeds', item);

    expect(link.fetched).toBe(SIZE);
  });
});

describe('room', () => {
  test('only what is wanted stays, of whoever it is', async () => {
    const { addPart, keepParts, readParts, database } = await page();
    const old = { sha256: 'a'.repeat(64), bytes: new ArrayBuffer(1) }; // as builds before this one kept them
    await (await database()).put('partials', old);
    for (const sha256 of ['aa', 'bb']) await addPart('seeds', sha256, 0, new ArrayBuffer(2));
    await addPart('shell', 'cc', 0, new ArrayBuffer(3));

    await keepParts('seeds', new Set(['bb']));

    expect(await (await database()).getAllKeys('partials')).toEqual(['seeds/bb/000000000000', 'shell/cc/000000000000']);
    expect(await readParts('seeds', 'bb')).toHaveLength(1);
  });

  test('parts are read up to the first gap', async () => {
    const { addPart, readParts } = await page();
    for (const [offset, size] of [
      [0, 5],
      [5, 2],
      [8, 4],
    ] as const)
      await addPart('seeds', 'aa', offset, new ArrayBuffer(size));

    expect((await readParts('seeds', 'aa')).map((part) => part.length)).toEqual([5, 2]);
  });

  test('a full disk costs the beginning, not the download', async () => {
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const { download } = await page();

    const whole = await download('seeds', item);

    full.mockRestore();
    expect(hash(new Uint8Array(whole))).toBe(item.sha256);
  });
});
