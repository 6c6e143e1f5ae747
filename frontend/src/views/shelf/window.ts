/** Which rows of a long grid are worth having on the page. */

export interface Span {
  first: number;
  /** One past the last row. */
  end: number;
}

/** Rows touched by the view from `from` to `to`, for `rows` rows of `pitch` pixels that begin at `top`. */
export function rowsInView(grid: { top: number; rows: number; pitch: number }, from: number, to: number): Span {
  if (grid.pitch <= 0) return { first: 0, end: grid.rows };
  const clamp = (row: number): number => Math.min(Math.max(row, 0), grid.rows);
  const first = clamp(Math.floor((from - grid.top) / grid.pitch));
  return { first, end: Math.max(first, clamp(Math.ceil((to - grid.top) / grid.pitch))) };
}

export const sameSpans = (a: readonly Span[], b: readonly Span[]): boolean =>
  a.length === b.length && a.every((span, i) => span.first === b[i]?.first && span.end === b[i].end);
