/** Sections of cards under sticky titles; of a long shelf only the rows near the view are on the page. */
import './grid.css';
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ShelfCard } from './shelf-card';
import { rowsInView, sameSpans, type Span } from './window';

export interface Section {
  key: string;
  title: string;
  note: string;
  ids: readonly number[];
}

const WHOLE_MAX = 320; // up to here the whole shelf costs less than keeping a window
const FIRST_PAINT = 12; // cards of a long shelf before anything has been measured
const BEYOND = 1.25; // views of rows kept ready above and below

interface Measure {
  columns: number;
  /** Height of a card and of the gap below it. */
  pitch: number;
  gap: number;
}

const nothing: Measure = { columns: 1, pitch: 0, gap: 0 };

export function Grid({ sections, query = '' }: { sections: readonly Section[]; query?: string }) {
  const host = useRef<HTMLDivElement>(null);
  const measure = useSignal<Measure>(nothing);
  const spans = useSignal<readonly Span[]>([]);
  const whole = sections.reduce((sum, section) => sum + section.ids.length, 0) <= WHOLE_MAX;

  useLayoutEffect(() => {
    const element = host.current;
    const scroller = element?.closest<HTMLElement>('.main');
    if (!element || !scroller || whole) return;
    const look = () => {
      const next = spansInView(element, scroller, sections, measure.peek());
      if (!sameSpans(next, spans.peek())) spans.value = next;
    };
    const remeasure = () => {
      const found = measureGrid(element);
      if (found) measure.value = found;
      look();
    };
    const observer = new ResizeObserver(remeasure);
    observer.observe(element);
    scroller.addEventListener('scroll', look, { passive: true });
    remeasure();
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [sections, whole]);

  return (
    <div ref={host}>
      {sections.map((section, i) => (
        <section class="section" key={section.key} aria-label={section.title}>
          <div class="section-title">
            <h2>{section.title}</h2>
            <span class="number">{section.note}</span>
          </div>
          <Rows
            ids={section.ids}
            query={query}
            measure={measure.value}
            span={whole ? null : (spans.value[i] ?? null)}
            whole={whole}
          />
        </section>
      ))}
    </div>
  );
}

interface RowsProps {
  ids: readonly number[];
  query: string;
  measure: Measure;
  span: Span | null;
  whole: boolean;
}

function Rows({ ids, query, measure, span, whole }: RowsProps) {
  const { columns, pitch, gap } = measure;
  const rows = Math.ceil(ids.length / columns);
  const { first, end } = span ?? { first: 0, end: rows };
  const shown = whole ? ids : pitch === 0 ? ids.slice(0, FIRST_PAINT) : ids.slice(first * columns, end * columns);
  const empty = end === first ? gap : 0;
  const room =
    whole || pitch === 0 ? {} : { paddingBlock: `${first * pitch}px ${Math.max((rows - end) * pitch - empty, 0)}px` };
  return (
    <ul class="grid" style={room}>
      {shown.map((id) => (
        <li key={id}>
          <ShelfCard id={id} query={query} />
        </li>
      ))}
    </ul>
  );
}

function measureGrid(host: HTMLElement): Measure | null {
  const card = host.querySelector<HTMLElement>('.grid > li');
  const grid = card?.parentElement;
  if (!card || !grid) return null;
  const style = getComputedStyle(grid);
  const gap = Number.parseFloat(style.rowGap) || 0;
  return {
    columns: style.gridTemplateColumns.split(' ').length,
    pitch: card.getBoundingClientRect().height + gap,
    gap,
  };
}

function spansInView(
  host: HTMLElement,
  scroller: HTMLElement,
  sections: readonly Section[],
  { columns, pitch }: Measure,
): Span[] {
  const origin = scroller.getBoundingClientRect().top;
  const beyond = scroller.clientHeight * BEYOND;
  return [...host.querySelectorAll<HTMLElement>('.grid')].map((grid, i) => {
    const top = grid.getBoundingClientRect().top - origin;
    const rows = Math.ceil((sections[i]?.ids.length ?? 0) / columns);
    return rowsInView({ top, rows, pitch }, -beyond, scroller.clientHeight + beyond);
  });
}
