/** Where each list was scrolled to, so that coming back means coming back to the same place, even after a reload. */
import type { Route } from './router';

const KEY = 'edgeshop.places';
const LISTS_MAX = 60; // more lists than anybody visits before the next person

let places: Map<string, number> | null = null;

function all(): Map<string, number> {
  return (places ??= new Map(stored()));
}

function stored(): [string, number][] {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter(isPlace) : [];
  } catch {
    return []; // private windows may refuse storage; then places live as long as the page
  }
}

function isPlace(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

/** One list per category and query. */
export const listKey = (shelf: Route & { name: 'shelf' }): string => `${shelf.category ?? 'all'} ${shelf.q.trim()}`;

export const placeOf = (list: string): number => all().get(list) ?? 0;

export function remember(list: string, top: number): void {
  const known = all();
  known.delete(list);
  known.set(list, top);
  for (const oldest of known.keys()) if (known.size > LISTS_MAX) known.delete(oldest);
}

export function forgetPlaces(): void {
  all().clear();
  keep();
}

function keep(): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...all()]));
  } catch {
    // see above: nothing is lost but a scroll position
  }
}

if (typeof addEventListener === 'function') addEventListener('pagehide', keep);
