import { Button } from '../../components/button';
import { categories } from '../../stores/shelf';
import type { SearchResult } from '../../stores/types';
import { navigate, replace, shelfRoute } from '../router';
import { categoryName, t } from '../text';
import { Grid } from './grid';

const CATEGORIES_MAX = 6;

/** What was found, with the words that matched; when nothing was, what comes closest. Never a dead end. */
export function Results({ found }: { found: SearchResult }) {
  const { q, category } = shelfRoute.value;
  const query = q.trim();
  if (found.ids.length > 0)
    return (
      <>
        {found.corrected !== null && (
          <p class="said" data-testid="search-corrected" role="status">
            {t('search.corrected', { corrected: found.corrected, query })}
          </p>
        )}
        <Grid
          sections={[
            {
              key: `found ${category ?? ''}`,
              title: t('search.results', { n: found.ids.length, query: found.corrected ?? query }),
              note: '',
              ids: found.ids,
            },
          ]}
          query={found.corrected ?? query}
        />
      </>
    );
  return <NothingFound nearest={found.nearest} query={query} category={category} />;
}

function NothingFound({
  nearest,
  query,
  category,
}: {
  nearest: readonly number[];
  query: string;
  category: number | null;
}) {
  return (
    <>
      <div class="said" role="status" data-testid="search-none">
        <h2>{t('search.none', { query })}</h2>
        <p>{t(nearest.length > 0 ? 'search.none_text' : 'search.none_bare')}</p>
        <div class="said-do">
          {category !== null && (
            <Button
              icon="search"
              onPress={() => {
                replace({ name: 'shelf', category: null, q: query });
              }}
            >
              {t('search.all_results')}
            </Button>
          )}
          {categories.value.slice(0, CATEGORIES_MAX).map((one) => (
            <Button
              key={one.id}
              onPress={() => {
                navigate({ name: 'shelf', category: one.id, q: '' });
              }}
            >
              {categoryName(one)}
            </Button>
          ))}
        </div>
      </div>
      {nearest.length > 0 && (
        <Grid sections={[{ key: 'nearest', title: t('search.closest'), note: '', ids: nearest }]} />
      )}
    </>
  );
}
