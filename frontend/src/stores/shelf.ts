/** What the shop sells, from the core seed: one version at a time, replaced as a whole. */
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { CoreSeed, ShopOut } from '../api/types';
import { pictureUrl } from '../db/pictures';
import { readCore, readTexts } from '../db/shelf';
import { lang } from './language';
import type { Availability, Category, Lang, Product, Shop, StockPolicy, Tender } from './types';

interface Shelf {
  sha256: string;
  shop: Shop;
  products: Map<number, Product>;
  categories: Category[];
  popular: number[];
  rates: Readonly<Record<string, number>>;
  book: number;
  vapidKey: string;
}

const LANGUAGES: readonly string[] = ['en', 'de', 'ar'] satisfies Lang[];
const NOTHING: ReadonlyMap<number, Product> = new Map();

const shelf = signal<Shelf | null>(null);
const isLoading = signal(false);

export const shop: ReadonlySignal<Shop | null> = computed(() => shelf.value?.shop ?? null);
export const products: ReadonlySignal<ReadonlyMap<number, Product>> = computed(() => shelf.value?.products ?? NOTHING);
export const categories: ReadonlySignal<readonly Category[]> = computed(() => shelf.value?.categories ?? []);
export const popular: ReadonlySignal<readonly number[]> = computed(() => shelf.value?.popular ?? []);
export const shelfState: ReadonlySignal<'empty' | 'loading' | 'ready'> = computed(() => {
  if (shelf.value) return 'ready';
  return isLoading.value ? 'loading' : 'empty';
});

/** The price book on show, and what pricing and push need beside the products. */
export const book: ReadonlySignal<number | null> = computed(() => shelf.value?.book ?? null);
export const rates: ReadonlySignal<Readonly<Record<string, number>>> = computed(() => shelf.value?.rates ?? {});
export const vapidKey: ReadonlySignal<string> = computed(() => shelf.value?.vapidKey ?? '');

/** The name in the shopper's language, else in the shop's own, else in any. */
export function nameOf(p: Product): string {
  const own = shop.value?.defaultLanguage ?? 'en';
  return p.names[lang.value] ?? p.names[own] ?? Object.values(p.names)[0] ?? '';
}

/** A product's description, null while it is not here. */
export async function describe(id: number): Promise<string | null> {
  const texts = (await readTexts())?.texts.descriptions;
  const own = shop.value?.defaultLanguage ?? 'en';
  return texts?.[lang.value]?.[id] ?? texts?.[own]?.[id] ?? null;
}

export function setShelfLoading(loading: boolean): void {
  isLoading.value = loading;
}

/** Which seed is on show. */
export function shelfSeed(): string | null {
  return shelf.peek()?.sha256 ?? null;
}

/** Show what is stored; answers whether there was anything. */
export async function paintShelf(): Promise<boolean> {
  const row = await readCore();
  if (row && row.sha256 !== shelfSeed()) showCore(row.sha256, row.core);
  return row !== undefined;
}

/** Replace everything on show in one step: a page never splits a version. */
export function showCore(sha256: string, core: CoreSeed): void {
  const all = toProducts(core);
  const counts = new Map<number, number>();
  for (const product of all.values()) counts.set(product.category, (counts.get(product.category) ?? 0) + 1);
  batch(() => {
    shelf.value = {
      sha256,
      shop: toShop(core.shop),
      products: all,
      categories: core.shop.categories.map(({ id, slug, names }) => ({ id, slug, names, count: counts.get(id) ?? 0 })),
      popular: core.products.popular.filter((id) => all.has(id)),
      rates: core.rates,
      book: core.book,
      vapidKey: core.shop.vapid_public_key,
    };
    isLoading.value = false;
  });
}

function toShop(wire: ShopOut): Shop {
  const languages = wire.languages.filter(isLang);
  return {
    id: wire.id,
    name: wire.name,
    kioskId: wire.kiosk_id,
    currency: wire.currency,
    exponent: wire.exponent,
    inclusive: wire.inclusive,
    languages,
    defaultLanguage: isLang(wire.default_language) ? wire.default_language : (languages[0] ?? 'en'),
    tenders: wire.tenders as Tender[],
  };
}

function isLang(code: string): code is Lang {
  return LANGUAGES.includes(code);
}

function toProducts(core: CoreSeed): Map<number, Product> {
  const columns = core.products;
  const languages = Object.entries(columns.names);
  const names = (place: number): Record<string, string> => {
    const found = languages.map(([code, column]) => [code, column[place]] as const);
    return Object.fromEntries(found.filter((pair): pair is [string, string] => Boolean(pair[1])));
  };
  return new Map(
    columns.id.map((id, place) => {
      const image = columns.image[place];
      const product: Product = {
        id,
        category: columns.category[place] ?? 0,
        names: names(place),
        priceMinor: columns.price[place] ?? 0,
        taxClass: columns.tax[place] ?? '',
        policy: (columns.policy[place] ?? 'strict') as StockPolicy,
        availability: (columns.availability[place] ?? 'ask_staff') as Availability,
        colour: columns.colour[place] ?? '#cccccc',
        image: image ? pictureUrl(image) : null,
        barcode: columns.barcode[place] ?? null,
      };
      return [id, product] as const;
    }),
  );
}
