/**
 * Recommendation without a network: the "ESFN" neighbour table in typed arrays, ranked exactly as the kiosk ranks.
 *
 * Every arithmetic step is rounded to binary32 in the order that edgeshop/recommend/services/ranker.py states, so the
 * items agree to the last place (tests/data/golden_recommend.json); confidence agrees to 1e-4.
 */

const MAGIC = 0x4e465345; // "ESFN", little endian
const HEADER_BYTES = 36;
const WINDOW = 20; // older lines no longer say where the shopper is going
const TOP = 10; // confidence speaks of the ten best
const SCORE_FLOOR = Math.fround(1e-3);
const TENTH = Math.fround(0.1);
const KEPT_PER_WEEK = 0.985; // what is left of a table's hits after one missed weekly training
const WEEK_S = 7 * 24 * 3600;
const f32 = Math.fround;

export interface Table {
  modelVersion: number;
  trainedAtS: number;
  rows: number;
  width: number;
  calibration: Float32Array;
  productIds: Int32Array;
  nid: Uint16Array;
  w8: Uint8Array;
  ws: Float32Array;
  popularity: Uint16Array;
}

/** Products best first; `scored` of them were ranked, the rest are best sellers. */
export interface Ranking {
  items: number[];
  scored: number;
  confidence: number;
}

/** Read a table file. The arrays look into `buffer`. Raises: RangeError when it is not one. */
export function parseTable(buffer: ArrayBuffer): Table {
  if (buffer.byteLength < HEADER_BYTES) throw new RangeError('This is no recommendation table.');
  const view = new DataView(buffer);
  const [format, bits, width, rows] = [
    view.getUint8(4),
    view.getUint8(5),
    view.getUint16(6, true),
    view.getUint32(8, true),
  ];
  if (view.getUint32(0, true) !== MAGIC || format !== 1 || bits !== 8) throw new RangeError('An unknown table form.');
  let offset = HEADER_BYTES;
  const at = (count: number, size: number): number => {
    const start = offset;
    offset += Math.ceil((count * size) / 4) * 4;
    return start;
  };
  const places = [at(rows, 4), at(rows * width, 2), at(rows * width, 1), at(rows, 4), at(rows, 2)] as const;
  if (rows === 0 || width === 0 || offset !== buffer.byteLength) throw new RangeError('A table of the wrong length.');
  return {
    modelVersion: view.getUint32(12, true),
    trainedAtS: view.getUint32(16, true),
    rows,
    width,
    calibration: new Float32Array(buffer, 20, 4),
    productIds: new Int32Array(buffer, places[0], rows),
    nid: new Uint16Array(buffer, places[1], rows * width),
    w8: new Uint8Array(buffer, places[2], rows * width),
    ws: new Float32Array(buffer, places[3], rows),
    popularity: new Uint16Array(buffer, places[4], rows),
  };
}

/** The item index of a product, or -1 when the table has no row for it. */
export function itemOf(table: Table, productId: number): number {
  let [low, high] = [0, table.rows - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = table.productIds[middle] ?? 0;
    if (found === productId) return middle;
    if (found < productId) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The k products that go best with a basket (product ids, newest last). */
export function rank(table: Table, basket: readonly number[], k: number): Ranking {
  const known = knownItems(table, basket);
  const score = scores(table, known);
  const order = strongest(score, Math.max(k, TOP));
  const chosen = order.slice(0, k);
  const scored = chosen.length;
  const taken = new Set([...known, ...chosen]);
  for (const item of table.popularity) {
    if (chosen.length >= k) break;
    if (!taken.has(item)) chosen.push(item);
  }
  const best = order.slice(0, TOP).map((item) => score[item] ?? 0);
  return { items: chosen.map((item) => table.productIds[item] ?? 0), scored, confidence: confidenceOf(table, best) };
}

/** What is left of the confidence of a table that old; a clock behind the training counts as fresh. */
export function ageFactor(ageS: number): number {
  return KEPT_PER_WEEK ** (Math.max(ageS, 0) / WEEK_S);
}

function knownItems(table: Table, basket: readonly number[]): number[] {
  const newestFirst = new Set([...basket].reverse());
  return [...newestFirst]
    .reverse()
    .map((id) => itemOf(table, id))
    .filter((item) => item >= 0);
}

function scores(table: Table, known: readonly number[]): Float32Array {
  const score = new Float32Array(table.rows);
  const window = known.slice(-WINDOW);
  window.forEach((item, place) => {
    const age = window.length - 1 - place;
    const p = f32((table.ws[item] ?? 0) * f32(0.1 + 0.9 * Math.exp(-age / 2)));
    for (let n = item * table.width; n < (item + 1) * table.width; n += 1) {
      const neighbour = table.nid[n] ?? 0;
      if (neighbour > 0) score[neighbour - 1] = f32((score[neighbour - 1] ?? 0) + f32((table.w8[n] ?? 0) * p));
    }
  });
  for (const item of known) score[item] = -1;
  return score;
}

/** The k best items, the lower number first where two score alike: hundreds have a score, and only k are sorted in. */
function strongest(score: Float32Array, k: number): number[] {
  const items: number[] = [];
  for (let item = 0; item < score.length; item += 1) {
    const value = score[item] ?? 0;
    if (value <= 0 || (items.length === k && value <= (score[items[k - 1] ?? 0] ?? 0))) continue;
    let place = Math.min(items.length, k - 1);
    for (; place > 0 && value > (score[items[place - 1] ?? 0] ?? 0); place -= 1) items[place] = items[place - 1] ?? 0;
    items[place] = item;
  }
  return items;
}

function confidenceOf(table: Table, best: readonly number[]): number {
  if (best.length === 0) return 0;
  const sum = best.reduce((total, value) => f32(total + value), 0);
  const log = (value: number): number => f32(Math.log(Math.max(value, SCORE_FLOOR)));
  const [first, second, mean] = [log(best[0] ?? 0), log(best[1] ?? 0), log(f32(sum * TENTH))];
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = table.calibration;
  return 1 / (1 + Math.exp(-(c0 + c1 * first + c2 * (first - second) + c3 * mean)));
}
