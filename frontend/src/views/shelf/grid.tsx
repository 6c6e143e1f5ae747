/** Sections of cards under sticky titles; only the rows near the view are on the page. */
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

const FIRST_PAINT = 12; // cards before anything has been measured
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

  useLayoutEffect(() => {
    const element = host.current;
    const scroller = element?.closest<HTMLElement>('.main');
    if (!element || !scroller) return;
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
  }, [sections]);

  return (
    <div ref={host}>
      {sections.map((section, i) => (
        <section class="section" key={section.key} aria-label={section.title}>
          <div class="section-title">
            <h2>{section.title}</h2>
            <span class="number">{section.note}</span>
          </div>
          <Rows ids={section.ids} query={query} measure={measure.value} span={spans.value[i] ?? null} />
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
}

function Rows({ ids, query, measure, span }: RowsProps) {
  const { columns, pitch, gap } = measure;
  const rows = Math.ceil(ids.length / columns);
  const { first, end } = span ?? { first: 0, end: rows };
  const shown = pitch === 0 ? ids.slice(0, FIRST_PAINT) : ids.slice(first * columns, end * columns);
  const empty = end === first ? gap : 0;
  const room = pitch === 0 ? {} : { paddingBlock: `${first * pitch}px ${Math.max((rows - end) * pitch - empty, 0)}px` };
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
