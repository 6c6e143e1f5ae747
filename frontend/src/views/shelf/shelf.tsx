import './shelf.css';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { CardSkeleton } from '../../components/card';
import { Notice } from '../../components/notice';
import { categories, popular, products, shelfState } from '../../stores/shelf';
import { listKey, placeOf, remember } from '../places';
import { shelfRoute } from '../router';
import { categoryName, t } from '../text';
import { found, sections } from './found';
import { Grid } from './grid';
import { Results } from './results';
import { ShelfCard } from './shelf-card';

const POPULAR_MAX = 12;

/** The shelf, or what was found on it. It scrolls back to where it was left. */
export function Shelf() {
  const host = useRef<HTMLDivElement>(null);
  const list = listKey(shelfRoute.value);
  const filled = products.value.size > 0;
  useLayoutEffect(() => {
    const scroller = host.current?.closest<HTMLElement>('.main');
    if (!scroller || !filled) return;
    const keep = () => remember(list, scroller.scrollTop);
    const frame = requestAnimationFrame(() => {
      scroller.scrollTop = placeOf(list); // after the grid has measured itself and taken its height
      scroller.addEventListener('scroll', keep, { passive: true });
    });
    return () => {
      cancelAnimationFrame(frame);
      scroller.removeEventListener('scroll', keep);
    };
  }, [list, filled]);
  const shown = categories.value.find((one) => one.id === shelfRoute.value.category);
  return (
    <div class="shelf" ref={host}>
      <h1 class="visually-hidden" tabIndex={-1}>
        {shown ? categoryName(shown) : t('shelf.all')}
      </h1>
      <Content />
    </div>
  );
}

function Content() {
  if (products.value.size === 0) return shelfState.value === 'ready' ? <EmptyShelf /> : <Preparing />;
  if (found.value !== null) return <Results found={found.value} />;
  if (sections.value.length === 0) return <EmptyShelf />;
  return (
    <>
      {shelfRoute.value.category === null && <Popular />}
      <Grid sections={sections.value} />
    </>
  );
}

function Popular() {
  const ids = popular.value.filter((id) => products.value.has(id)).slice(0, POPULAR_MAX);
  if (ids.length === 0) return null;
  return (
    <section class="popular" aria-label={t('shelf.popular')}>
      <div class="section-title">
        <h2>{t('shelf.popular')}</h2>
        <span>{t('shelf.popular_note')}</span>
      </div>
      <ul class="popular-row">
        {ids.map((id) => (
          <li key={id}>
            <ShelfCard id={id} place="popular-" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function EmptyShelf() {
  return <Notice icon="bag" title={t('shelf.nothing_title')} text={t('shelf.nothing_text')} testid="shelf-empty" />;
}

function Preparing() {
  return (
    <>
      <div class="said" role="status">
        <h2>{t('shelf.preparing_title')}</h2>
        <p>{t('shelf.preparing_text')}</p>
      </div>
      <div class="grid">
        {Array.from({ length: 12 }, (_, i) => (
          <CardSkeleton key={i} />
        ))}
      </div>
    </>
  );
}
