/** How many of each product are in the basket; a card listens to its own number only. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { lines } from '../stores/basket';

const all = computed(() => new Map(lines.value.map((line) => [line.productId, line.qty])));
const each = new Map<number, ReadonlySignal<number>>();

export function qtyOf(id: number): ReadonlySignal<number> {
  let one = each.get(id);
  if (one === undefined) each.set(id, (one = computed(() => all.value.get(id) ?? 0)));
  return one;
}
