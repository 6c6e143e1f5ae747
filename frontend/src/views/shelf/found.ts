/** What the shelf shows for the present category and query; recomputed when goods, language or query change. */
import { computed } from '@preact/signals';
import { compareNames } from '../../i18n';
import { lang } from '../../stores/language';
import { search } from '../../stores/search';
import { categories, nameOf, popular, products } from '../../stores/shelf';
import { shelfRoute } from '../router';
import { categoryName, t } from '../text';
import type { Section } from './grid';

const rank = computed(() => new Map(popular.value.map((id, i) => [id, i])));

/** Ids of each category, what sells best first, then by name. */
const byCategory = computed(() => {
  const groups = new Map<number, number[]>();
  const spelled = new Map<number, string>();
  for (const product of products.value.values()) {
    const group = groups.get(product.category);
    if (group) group.push(product.id);
    else groups.set(product.category, [product.id]);
    spelled.set(product.id, nameOf(product));
  }
  const place = (id: number): number => rank.value.get(id) ?? Number.MAX_SAFE_INTEGER;
  for (const ids of groups.values())
    ids.sort((a, b) => place(a) - place(b) || compareNames(lang.value, spelled.get(a) ?? '', spelled.get(b) ?? ''));
  return groups;
});

export const idsOf = (category: number): readonly number[] => byCategory.value.get(category) ?? [];

export const sections = computed<Section[]>(() => {
  const { category } = shelfRoute.value;
  const chosen = categories.value.filter((one) => category === null || one.id === category);
  return chosen
    .map((one) => ({ key: String(one.id), title: categoryName(one), ids: idsOf(one.id) }))
    .filter((section) => section.ids.length > 0)
    .map((section) => ({ ...section, note: t('shelf.products', { n: section.ids.length }) }));
});

export const found = computed(() => {
  const q = shelfRoute.value.q.trim();
  const known = products.value.size > 0 && lang.value; // the index follows both, the call itself does not say so
  return q !== '' && known ? search(q, shelfRoute.value.category ?? undefined) : null;
});

/** Facets count the whole answer, so that changing the category never surprises. */
export const facets = computed(() => {
  const q = shelfRoute.value.q.trim();
  if (q === '' || found.value === null) return null;
  const all = shelfRoute.value.category === null ? found.value : search(q);
  return new Map(all.facets.map(({ category, count }) => [category, count]));
});
