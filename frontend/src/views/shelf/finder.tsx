import './finder.css';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../components/button';
import { Chip } from '../../components/chip';
import { Icon } from '../../components/icon';
import { categories, products } from '../../stores/shelf';
import { listKey, remember } from '../places';
import { navigate, replaceSoon, route, shelfRoute } from '../router';
import { categoryName, number, t } from '../text';
import { facets } from './found';
import { takeScan } from './scan';

function showShelf(change: { category?: number | null; q?: string }): void {
  const next = { ...shelfRoute.value, ...change };
  remember(listKey(next), 0); // a new question starts at its best answer
  if (route.value.name === 'shelf') replaceSoon(next);
  else navigate(next);
}

/** The search field, which is also where a hand scanner types. */
export function Search() {
  const field = useRef<HTMLInputElement>(null);
  const q = shelfRoute.value.q;
  useEffect(() => {
    // a scanner does not aim: digits typed at nothing are meant for this field
    const catchDigits = (event: KeyboardEvent) => {
      const free = document.activeElement === null || !['INPUT', 'TEXTAREA'].includes(document.activeElement.tagName);
      if (free && /^\d$/.test(event.key) && !event.ctrlKey && !event.metaKey && !document.querySelector('dialog[open]'))
        field.current?.focus();
    };
    addEventListener('keydown', catchDigits);
    return () => removeEventListener('keydown', catchDigits);
  }, []);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (takeScan(q)) showShelf({ q: '' });
        else field.current?.blur(); // folds the keyboard of a phone away
      }}
    >
      <label class="search-field">
        <Icon name="search" />
        <span class="visually-hidden">{t('shelf.search')}</span>
        <input
          ref={field}
          type="search"
          enterkeyhint="search"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          data-testid="search"
          placeholder={t('shelf.search')}
          value={q}
          onInput={(event) => {
            showShelf({ q: event.currentTarget.value });
          }}
        />
        {q !== '' && (
          <Button
            icon="close"
            label={t('shelf.search_clear')}
            onPress={() => {
              showShelf({ q: '' });
              field.current?.focus();
            }}
          />
        )}
      </label>
    </form>
  );
}

/** Categories with how much is in each; while searching, with how many answers lie in each. */
export function Chips() {
  const { category } = shelfRoute.value;
  const counts = facets.value?.size === 0 ? null : facets.value; // nothing found: the categories as they are
  const total = counts ? [...counts.values()].reduce((sum, n) => sum + n, 0) : products.value.size;
  const shown = categories.value.filter((one) => !counts || counts.has(one.id) || one.id === category);
  return (
    <nav class="chips" aria-label={t('shelf.categories')}>
      <ul>
        <li>
          <CategoryChip id={null} text={t('shelf.all')} count={total} chosen={category === null} />
        </li>
        {shown.map((one) => (
          <li key={one.id}>
            <CategoryChip
              id={one.id}
              text={categoryName(one)}
              count={counts ? (counts.get(one.id) ?? 0) : one.count}
              chosen={category === one.id}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function CategoryChip({
  id,
  text,
  count,
  chosen,
}: {
  id: number | null;
  text: string;
  count: number;
  chosen: boolean;
}) {
  return (
    <Chip
      text={text}
      count={count > 0 ? number(count) : null}
      countLabel={t('shelf.products', { n: count })}
      chosen={chosen}
      testid={`category-${id ?? 'all'}`}
      onPress={() => {
        showShelf({ category: id });
      }}
    />
  );
}
