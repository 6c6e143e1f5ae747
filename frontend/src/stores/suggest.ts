/**
 * What goes well with a basket: from the kiosk's model or from the same table here.
 *
 * The table here is the kiosk's own, whole or its best-selling rows, and ranks by the same arithmetic. While it is of the
 * kiosk's version and knows the whole basket, asking could only cost time, so it answers at once; otherwise the kiosk
 * has a moment to answer, and then the table here does the best it can.
 */
import { api } from '../api/client';
import { ApiError } from '../api/errors';
import type { RecommendationOut } from '../api/types';
import { readTables } from '../db/shelf';
import { ageFactor, itemOf, parseTable, rank, type Table } from '../shared/rank';
import { nowS } from './clock';
import { connection } from './connection';
import { popular, products } from './shelf';
import type { Suggestion } from './types';

export type { Suggestion };

const DEADLINE_MS = 200;
const SPARE = 8; // products may have left the shelf since the table was trained
const ASK_EVERY_MS = 60_000; // how long the kiosk's model version is taken as known

let tables: Table[] = [];
let heard: { modelVersion: number | null; at: number } | null = null;

/** Take up the stored tables, the fuller first. */
export async function loadTables(): Promise<void> {
  tables = (await readTables()).map((row) => parseTable(row.bytes));
}

/** Forget what the kiosk said about its model, as after a new one was announced. */
export function forgetModel(): void {
  heard = null;
}

/** Learn which model the kiosk serves, unless that is known. */
export async function learnModel(): Promise<void> {
  if (!heard || Date.now() - heard.at > ASK_EVERY_MS) await fromKiosk([], 1);
}

/** Up to k products to show beside a basket (newest last). Never rejects. */
export async function suggest(basket: readonly number[], k: number): Promise<Suggestion> {
  const here = suggestHere(basket, k);
  if (here) return here;
  const table = bestTable(basket);
  if (connection.peek() !== 'screen_alone') {
    const answer = await fromKiosk(basket, k);
    if (answer) return answer;
  }
  return table ? local(table, basket, k) : bestsellers(basket, k);
}

/** The same without waiting, where asking the kiosk could not make it better; null where it could. */
export function suggestHere(basket: readonly number[], k: number): Suggestion | null {
  const table = bestTable(basket);
  return table && isCurrent(table, basket) ? local(table, basket, k) : null;
}

/** The table that knows most of the basket; the newer, then the fuller wins a tie. */
function bestTable(basket: readonly number[]): Table | undefined {
  const knows = (table: Table): number => basket.filter((id) => itemOf(table, id) >= 0).length;
  return tables.toSorted((a, b) => knows(b) - knows(a) || b.modelVersion - a.modelVersion || b.rows - a.rows)[0];
}

function isCurrent(table: Table, basket: readonly number[]): boolean {
  if (connection.peek() === 'screen_alone') return true;
  if (!heard || heard.modelVersion !== table.modelVersion) return false;
  return basket.every((id) => itemOf(table, id) >= 0);
}

async function fromKiosk(basket: readonly number[], k: number): Promise<Suggestion | null> {
  try {
    const answer = await api.recommend(basket, k, { deadlineMs: DEADLINE_MS });
    heard = { modelVersion: answer.model_version, at: Date.now() };
    return fromWire(answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return null;
  }
}

function fromWire(answer: RecommendationOut): Suggestion {
  return {
    items: sellable(answer.items),
    confidence: answer.confidence,
    source: answer.source,
    modelVersion: answer.model_version,
    featuresAgeS: answer.features_age_s,
  };
}

function local(table: Table, basket: readonly number[], k: number): Suggestion {
  const { items, scored, confidence } = rank(table, basket, k + SPARE);
  const featuresAgeS = Math.max(0, nowS() - table.trainedAtS);
  return {
    items: sellable(items).slice(0, k),
    confidence: confidence * ageFactor(featuresAgeS),
    source: scored > 0 ? 'browser-model' : 'bestsellers',
    modelVersion: table.modelVersion,
    featuresAgeS,
  };
}

function bestsellers(basket: readonly number[], k: number): Suggestion {
  const items = popular.peek().filter((id) => !basket.includes(id));
  return { items: items.slice(0, k), confidence: 0, source: 'bestsellers', modelVersion: null, featuresAgeS: null };
}

/** Without products that left the shelf after the table was trained. */
function sellable(items: readonly number[]): number[] {
  const known = products.peek();
  return known.size > 0 ? items.filter((id) => known.has(id)) : [...items];
}
