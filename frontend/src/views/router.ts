/**
 * Which screen is on, kept in the address so that a reload, a scanned code and the back button all work.
 */
import { signal, type ReadonlySignal } from '@preact/signals';

export type Route =
  | { name: 'attract' }
  | { name: 'shelf'; category: number | null; q: string }
  | { name: 'product'; id: number }
  | { name: 'basket'; hold: string | null }
  | { name: 'pay' }
  | { name: 'receipt'; number: string }
  | { name: 'lookup'; key: string };

export const everything: Route = { name: 'shelf', category: null, q: '' };

/** The screen an address names; an address nobody knows is the attract screen, never a dead end. */
export function parse(path: string, search = ''): Route {
  const [head = '', ...rest] = path.split('/').filter(Boolean).map(readable);
  const tail = rest.join('/');
  const query = new URLSearchParams(search);
  if (head === 'shelf') return { name: 'shelf', category: whole(query.get('c')), q: query.get('q') ?? '' };
  if (head === 'product' && whole(tail) !== null) return { name: 'product', id: Number(tail) };
  if (head === 'basket') return { name: 'basket', hold: query.get('hold') };
  if (head === 'pay') return { name: 'pay' };
  if (head === 'receipt' && tail !== '') return { name: 'receipt', number: tail };
  if (head === 'r' && tail !== '') return { name: 'lookup', key: tail };
  return { name: 'attract' };
}

/** The address of a screen; `parse` reads it back. */
export function address(route: Route): string {
  switch (route.name) {
    case 'attract':
      return '/';
    case 'shelf':
      return `/shelf${query({ c: route.category === null ? '' : String(route.category), q: route.q })}`;
    case 'product':
      return `/product/${route.id}`;
    case 'basket':
      return `/basket${query({ hold: route.hold ?? '' })}`;
    case 'pay':
      return '/pay';
    case 'receipt':
      return `/receipt/${encodeURIComponent(route.number)}`;
    case 'lookup':
      return `/r/${encodeURIComponent(route.key)}`;
  }
}

function query(values: Record<string, string>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
}

function whole(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a torn percent sign is still a text
  }
}

const current = signal<Route>({ name: 'attract' });
const lastShelf = signal<Route & { name: 'shelf' }>({ name: 'shelf', category: null, q: '' });
let steps = 0; // how many of our own screens lie behind this one
let pending: ReturnType<typeof setTimeout> | undefined;

export const route: ReadonlySignal<Route> = current;
/** The shelf as it was last seen; it lies under a product sheet. */
export const shelfRoute: ReadonlySignal<Route & { name: 'shelf' }> = lastShelf;

function show(next: Route): void {
  if (next.name === 'shelf') lastShelf.value = next;
  if (next.name === 'attract') lastShelf.value = { name: 'shelf', category: null, q: '' };
  current.value = next;
}

export function navigate(next: Route): void {
  flush();
  steps += 1;
  history.pushState({ steps }, '', address(next));
  show(next);
}

/** Shows `next` in place of the present screen. */
export function replace(next: Route): void {
  show(next);
  flush();
}

/** The same while somebody types: the address follows when the letters rest, because browsers bound how often it changes. */
export function replaceSoon(next: Route): void {
  show(next);
  clearTimeout(pending);
  pending = setTimeout(flush, 200);
}

function flush(): void {
  clearTimeout(pending);
  pending = undefined;
  const wanted = address(current.value);
  if (wanted !== location.pathname + location.search) history.replaceState({ steps }, '', wanted);
}

/** One screen back, or the shelf when this was the first. */
export function back(): void {
  flush();
  if (steps > 0) history.back();
  else replace(lastShelf.value);
}

/** Reads the address now and whenever the browser moves in its history. */
export function startRouter(): void {
  const read = () => {
    const state: unknown = history.state;
    steps =
      state !== null && typeof state === 'object' && 'steps' in state && typeof state.steps === 'number'
        ? state.steps
        : 0;
    show(parse(location.pathname, location.search));
  };
  addEventListener('popstate', read);
  addEventListener('pagehide', flush);
  read();
}
