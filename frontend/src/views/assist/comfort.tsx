import './assist.css';
import { Button } from '../../components/button';
import { Sheet } from '../../components/sheet';
import { formatRate, ownNames } from '../../i18n';
import { lang } from '../../stores/language';
import { shop } from '../../stores/shelf';
import type { Lang } from '../../stores/types';
import { comfort, setComfort, textSizes, type Comfort as Chosen, type Theme } from '../comfort';
import { chooseLanguage } from '../language';
import { layout } from '../shell/layout';
import { t } from '../text';
import { closeAssist } from './open';

const languages: readonly Lang[] = ['en', 'de', 'ar'];
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** Language, text size, light, contrast, movement and reach, for this person only. */
export function ComfortSheet() {
  const chosen = comfort.value;
  const spoken = shop.value?.languages ?? languages;
  return (
    <Sheet label={t('comfort.title')} closeLabel={t('nav.close')} small testid="comfort-sheet" onClose={closeAssist}>
      <div class="comfort">
        <h1 tabIndex={-1} autofocus>
          {t('comfort.title')}
        </h1>
        <fieldset>
          <legend>{t('comfort.language')}</legend>
          <div class="choices">
            {spoken.map((one) => (
              <Button
                key={one}
                testid={`language-${one}`}
                pressed={lang.value === one}
                onPress={() => chooseLanguage(one)}
              >
                <span lang={one}>{ownNames[one]}</span>
              </Button>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>{t('comfort.text')}</legend>
          <div class="choices">
            {textSizes.map((size) => (
              <Button
                key={size}
                testid={`text-${size * 100}`}
                pressed={chosen.text === size}
                onPress={() => {
                  setComfort({ text: size });
                }}
              >
                {formatRate(lang.value, size * 10_000)}
              </Button>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>{t('comfort.light')}</legend>
          <div class="choices">
            {themes.map((theme) => (
              <Button
                key={theme}
                testid={`theme-${theme}`}
                pressed={chosen.theme === theme}
                onPress={() => {
                  setComfort({ theme });
                }}
              >
                {t(`comfort.light_${theme}`)}
              </Button>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>{t('comfort.more')}</legend>
          <div class="switches">
            <Switch name="contrast" />
            <Switch name="motion" />
            {layout.value === 'tall' && <Switch name="reach" />}
          </div>
        </fieldset>
      </div>
    </Sheet>
  );
}

function Switch({ name }: { name: Extract<keyof Chosen, 'contrast' | 'motion' | 'reach'> }) {
  const on = comfort.value[name];
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      data-testid={`switch-${name}`}
      onClick={() => {
        setComfort({ [name]: !on });
      }}
    >
      <span>{t(`comfort.${name}`)}</span>
      <span class="switch-pin" aria-hidden="true" />
    </button>
  );
}
