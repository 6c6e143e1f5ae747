import type { Product } from '../../stores/types';

const SIMILAR_MAX = 8;

/** Neighbours on the same shelf, nearest price first, what can be had now before what needs asking. */
export function similarTo(product: Product, all: ReadonlyMap<number, Product>): number[] {
  const distance = (other: Product): number => Math.abs(other.priceMinor - product.priceMinor);
  const later = (other: Product): number => (other.availability === 'ask_staff' ? 1 : 0);
  return [...all.values()]
    .filter((other) => other.category === product.category && other.id !== product.id)
    .sort((a, b) => later(a) - later(b) || distance(a) - distance(b) || a.id - b.id)
    .slice(0, SIMILAR_MAX)
    .map((other) => other.id);
}
