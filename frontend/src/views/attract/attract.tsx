import './attract.css';
import { Button } from '../../components/button';
import { Picture } from '../../components/picture';
import { ownNames } from '../../i18n';
import { lang } from '../../stores/language';
import { popular, products, shop } from '../../stores/shelf';
import type { Lang, Product } from '../../stores/types';
import { openAssist } from '../assist/open';
import { chooseLanguage } from '../language';
import { everything, navigate } from '../router';
import { Foot } from '../shell/foot';
import { BrandMark } from '../shell/head';
import { t } from '../text';

const COLUMNS = 3;
const EACH = 5; // pictures in a column before it begins again
const languages: readonly Lang[] = ['en', 'de', 'ar'];
/** Painted before there is anything to show: the palette of the house, never a black screen. */
const paints = ['#c9b79c', '#8f5b6a', '#d9c7b0', '#6f7f6a', '#b9866b', '#e3d3c0', '#7d6b80', '#c78f7f'];

type Pane = Pick<Product, 'id' | 'image' | 'colour'>;

/** The pictures of the wall: what sells best, then whatever there is; plain colours until then. */
function panes(): Pane[] {
  const known = products.value;
  const best = popular.value.flatMap((id) => known.get(id) ?? []);
  const rest = best.length < COLUMNS * EACH ? [...known.values()].slice(0, COLUMNS * EACH * 2) : [];
  const seen = [...new Set([...best, ...rest])].slice(0, COLUMNS * EACH);
  if (seen.length >= COLUMNS) return seen;
  return Array.from({ length: COLUMNS * EACH }, (_, i) => ({
    id: -i,
    image: null,
    colour: paints[(i * 5) % paints.length] ?? '#c9b79c',
  }));
}

function Wall({ onStart }: { onStart: () => void }) {
  const all = panes();
  return (
    <div class="wall" aria-hidden="true" onClick={onStart}>
      {Array.from({ length: COLUMNS }, (_, column) => {
        const mine = all.filter((_, i) => i % COLUMNS === column);
        return (
          <div class="wall-column" key={column}>
            {[...mine, ...mine].map((pane, i) => (
              <Picture key={`${pane.id} ${i}`} src={pane.image} colour={pane.colour} name="" eager />
            ))}
          </div>
        );
      })}
    </div>
  );
}

/** One striking picture, the shop's name, one thing to do. */
export function Attract() {
  const start = () => navigate(everything);
  const spoken = shop.value?.languages ?? languages;
  return (
    <main class="attract">
      <Wall onStart={start} />
      <div class="attract-panel">
        <div class="attract-name">
          <BrandMark />
          <h1 tabIndex={-1}>{shop.value?.name ?? t('app.welcome')}</h1>
          <p>{t('app.tagline')}</p>
        </div>
        <Button kind="main" class="attract-start" testid="attract-start" onPress={start}>
          {t('attract.touch')}
        </Button>
        <div class="attract-languages">
          <ul aria-label={t('attract.languages')}>
            {spoken.map((one) => (
              <li key={one}>
                <button
                  type="button"
                  class="attract-language"
                  lang={one}
                  aria-pressed={lang.value === one}
                  data-testid={`language-${one}`}
                  onClick={() => chooseLanguage(one)}
                >
                  {ownNames[one]}
                </button>
              </li>
            ))}
          </ul>
          <Button icon="person" label={t('head.comfort')} testid="comfort" onPress={() => openAssist('comfort')} />
        </div>
        <Foot />
      </div>
    </main>
  );
}
