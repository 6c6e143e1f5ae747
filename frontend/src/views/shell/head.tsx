import { Button } from '../../components/button';
import { startOver } from '../../stores/session';
import { shop } from '../../stores/shelf';
import { openAssist } from '../assist/open';
import { t } from '../text';
import { layout } from './layout';

/** A shop window: awning, pane, door. The shop's own logo takes its place when there is one. */
export function BrandMark() {
  return (
    <svg class="brand-mark" viewBox="0 0 28 28" aria-hidden="true">
      <path
        fill="currentColor"
        d="M3 4h22l2 7.2a3.4 3.4 0 0 1-6.5 1.3 3.6 3.6 0 0 1-6.5 0 3.6 3.6 0 0 1-6.5 0A3.4 3.4 0 0 1 1 11.2z"
      />
      <path
        fill="none"
        stroke="currentColor"
        stroke-width="2.2"
        stroke-linejoin="round"
        d="M4.2 15.5V25h19.6v-9.5M15.5 25v-6.6h4.6V25"
      />
    </svg>
  );
}

export function Brand() {
  return (
    <header class="brand">
      <BrandMark />
      <span class="brand-name">{shop.value?.name ?? t('app.welcome')}</span>
    </header>
  );
}

export function Actions() {
  const words = layout.value === 'wide';
  const comfort = t('head.comfort');
  const over = t('head.start_over');
  return (
    <nav class="actions" aria-label={comfort}>
      {words ? (
        <Button icon="person" testid="comfort" onPress={() => openAssist('comfort')}>
          {comfort}
        </Button>
      ) : (
        <Button icon="person" label={comfort} testid="comfort" onPress={() => openAssist('comfort')} />
      )}
      {layout.value === 'phone' ? (
        <Button icon="restart" label={over} testid="start-over" onPress={startOver} />
      ) : (
        <Button icon="restart" testid="start-over" onPress={startOver}>
          {over}
        </Button>
      )}
    </nav>
  );
}
