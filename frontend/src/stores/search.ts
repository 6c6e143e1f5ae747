/**
 * Search over the shelf that is here: by the beginning of words, forgiving about accents and spelling, by barcode.
 *
 * The index is built per language and price book, ahead of the first keystroke.
 */
import MiniSearch from 'minisearch';
import { fold, meant, slipsAllowed, words } from '../shared/spelling';
import { lang } from './language';
import { categories, nameOf, popular, products } from './shelf';
import type { Product, SearchResult } from './types';

export type { SearchResult };

const NEAREST = 8;
const CODE = /^\d{6,14}$/; // EAN, UPC and shops' own labels

interface Index {
  of: ReadonlyMap<number, Product>;
  language: string;
  mini: MiniSearch;
  /** Folded word → how many products carry it. */
  vocabulary: Map<string, number>;
  /** Folded word → a spelling of it that can be shown. */
  spelling: Map<string, string>;
  codes: Map<string, number>;
  sellsAt: Map<number, number>;
}

let index: Index | null = null;

/** Find products, best first. Without a query: the category, or everything, as it sells. */
export function search(query: string, category?: number): SearchResult {
  const { codes } = current();
  const text = query.trim();
  if (text === '') return found(asSold(), category, null);
  const coded = CODE.test(text) ? codes.get(text) : undefined;
  if (coded !== undefined) return found([coded], category, null);
  return searchWords(words(text).map(fold).filter(Boolean), category);
}

/** Build the index while nobody waits. */
export function prepareSearch(): void {
  const idle = globalThis.requestIdleCallback as typeof requestIdleCallback | undefined;
  if (idle) idle(() => current(), { timeout: 2000 });
  else setTimeout(current, 200);
}

function searchWords(terms: string[], category?: number): SearchResult {
  const { vocabulary, spelling } = current();
  const direct = lookUp(terms, 'AND');
  if (direct.length > 0) return found(direct, category, null);
  const better = terms.map((term) => (begins(term) ? term : (meant(term, vocabulary) ?? term)));
  const corrected = lookUp(better, 'AND');
  const said = better.map((term, i) => (term === terms[i] ? term : (spelling.get(term) ?? term))).join(' ');
  if (corrected.length > 0) return found(corrected, category, said);
  const loose = lookUp(better, 'OR');
  return loose.length > 0 ? found(loose, category, better.join() === terms.join() ? null : said) : nothing(terms);
}

function lookUp(terms: readonly string[], combineWith: 'AND' | 'OR', fuzzy = false): number[] {
  if (terms.length === 0) return [];
  const { mini, sellsAt } = current();
  const results = mini.search(terms.join(' '), {
    combineWith,
    prefix: true,
    fuzzy: fuzzy ? (term) => slipsAllowed(term.length) + 1 : false,
    boostDocument: (id) => 1 + 0.5 / (1 + (sellsAt.get(Number(id)) ?? Infinity) / 50), // best sellers a little ahead
  });
  return results.map((result) => Number(result.id));
}

/** True when some word starts so. */
function begins(term: string): boolean {
  return current().mini.search(term, { prefix: true }).length > 0;
}

function found(ids: readonly number[], category: number | undefined, corrected: string | null): SearchResult {
  const all = products.value;
  const counts = new Map<number, number>();
  for (const id of ids) {
    const of = all.get(id)?.category ?? 0;
    counts.set(of, (counts.get(of) ?? 0) + 1);
  }
  const facets = [...counts].map(([of, count]) => ({ category: of, count })).sort((a, b) => b.count - a.count);
  const kept = category === undefined ? [...ids] : ids.filter((id) => all.get(id)?.category === category);
  return { ids: kept, corrected, facets, nearest: kept.length > 0 ? [] : popular.value.slice(0, NEAREST) };
}

/** Nothing fits: the closest words there are, else what sells. */
function nothing(terms: readonly string[]): SearchResult {
  const close = lookUp(terms, 'OR', true).slice(0, NEAREST);
  const nearest = close.length > 0 ? close : popular.value.slice(0, NEAREST);
  return { ids: [], corrected: null, facets: [], nearest };
}

/** Every product once, best sellers first, the others in shelf order. */
function asSold(): number[] {
  return [...new Set([...popular.value, ...products.value.keys()])];
}

function current(): Index {
  const [of, language] = [products.value, lang.value];
  if (index?.of !== of || index.language !== language) index = build(of, language);
  return index;
}

function build(of: ReadonlyMap<number, Product>, language: string): Index {
  const mini = new MiniSearch({
    fields: ['name', 'category', 'other'],
    tokenize: words,
    processTerm: (term) => fold(term),
    searchOptions: { boost: { name: 3, category: 1, other: 0.5 } },
  });
  const [vocabulary, spelling] = [new Map<string, number>(), new Map<string, string>()];
  const sections = new Map(categories.value.map((one) => [one.id, one.names[language] ?? '']));
  for (const product of of.values()) {
    const [name, category] = [nameOf(product), sections.get(product.category) ?? ''];
    // Shoppers also search in the language on the package.
    const other = Object.entries(product.names).flatMap(([code, text]) => (code === language ? [] : text));
    mini.add({ id: product.id, name, category, other: other.join(' ') });
    for (const word of new Set(words(`${name} ${category}`))) {
      const folded = fold(word);
      vocabulary.set(folded, (vocabulary.get(folded) ?? 0) + 1);
      if (!spelling.has(folded)) spelling.set(folded, word.toLowerCase());
    }
  }
  const coded = [...of.values()].filter((product) => product.barcode !== null);
  const codes = new Map(coded.map((product) => [product.barcode ?? '', product.id]));
  const sellsAt = new Map(popular.value.map((id, place) => [id, place]));
  return { of, language, mini, vocabulary, spelling, codes, sellsAt };
}
