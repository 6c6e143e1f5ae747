/** Which parts of a name answer a query, and the name with those parts marked. */

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

export interface Piece {
  text: string;
  hit: boolean;
}

/** Cuts `name` where a word begins with a term of `query`; accents and case do not matter. */
export function pieces(name: string, query: string): Piece[] {
  const terms = plain(query).split(/\s+/).filter(Boolean);
  if (terms.length === 0) return [{ text: name, hit: false }];
  const cut: Piece[] = [];
  for (const word of name.split(/([\s\-–/(),.&]+)/)) {
    const length = hitLength(word, terms);
    if (length > 0) cut.push({ text: word.slice(0, length), hit: true });
    if (length < word.length) cut.push({ text: word.slice(length), hit: false });
  }
  return joined(cut);
}

function hitLength(word: string, terms: readonly string[]): number {
  const signs = Array.from(word);
  const letters = signs.map(plain);
  let longest = 0;
  for (const term of terms) if (letters.join('').startsWith(term)) longest = Math.max(longest, term.length);
  if (longest === 0) return 0;
  let seen = 0; // one letter may become several, or none, once its accents are gone
  const end = letters.findIndex((letter) => (seen += letter.length) >= longest);
  return signs.slice(0, end + 1).join('').length;
}

function joined(cut: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of cut) {
    const last = out[out.length - 1];
    if (last?.hit === piece.hit) last.text += piece.text;
    else out.push({ ...piece });
  }
  return out;
}

export function Marked({ text, query }: { text: string; query: string }) {
  return <>{pieces(text, query).map((piece) => (piece.hit ? <mark>{piece.text}</mark> : piece.text))}</>;
}
