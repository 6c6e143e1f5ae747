/** Folding words of any of our scripts to one spelling, and finding the word that was meant. */

const ARABIC: Readonly<Record<string, string>> = {
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ي',
  ة: 'ه',
  ؤ: 'و',
  ئ: 'ي',
  ـ: '',
};
const LATIN: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' };
const LETTERS: Readonly<Record<string, string>> = { ...ARABIC, ...LATIN };
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
const MARKS = /\p{M}/gu;

/** Lower case, without accents, vowel signs and spelling variants: "Café" and "cafe" are one word. */
export function fold(text: string): string {
  const plain = text.toLowerCase().replace(SPECIAL, (letter) => LETTERS[letter] ?? letter);
  return plain.normalize('NFKD').replace(MARKS, '');
}

/** The words of a text, as they are written. */
export function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** How many slips of the finger a word of that length may hold. */
export function slipsAllowed(length: number): number {
  if (length < 3) return 0;
  return length < 6 ? 1 : 2;
}

/**
 * The word of `vocabulary` (folded word → how often it occurs) that was probably meant by a folded word, or null.
 *
 * A slip is a wrong, missing, extra or swapped letter. Whoever is still typing meant the beginning of a word.
 */
export function meant(word: string, vocabulary: ReadonlyMap<string, number>): string | null {
  const allowed = slipsAllowed(word.length);
  let best: { word: string; cost: number; often: number } | null = null;
  for (const [candidate, often] of vocabulary) {
    if (candidate.length < word.length - allowed) continue;
    const whole = slips(word, candidate, allowed);
    const begun =
      candidate.length > word.length ? slips(word, candidate.slice(0, word.length), allowed) + 0.5 : Infinity;
    const cost = Math.min(whole, begun) + (candidate[0] === word[0] ? 0 : 0.25); // first letters are seldom wrong
    if (cost > allowed + 0.75) continue;
    if (!best || cost < best.cost || (cost === best.cost && often > best.often))
      best = { word: candidate, cost, often };
  }
  return best?.word ?? null;
}

/** Optimal string alignment distance, Infinity beyond `max`. */
export function slips(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return Infinity;
  let [before, above] = [new Array<number>(b.length + 1).fill(0), Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(get(above, j) + 1, get(row, j - 1) + 1, get(above, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, get(before, j - 2) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > max) return Infinity;
    [before, above] = [above, row];
  }
  const distance = get(above, b.length);
  return distance > max ? Infinity : distance;
}

function get(row: readonly number[], place: number): number {
  return row[place] ?? 0;
}
