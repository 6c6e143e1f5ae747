import './bar.css';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { Price } from '../../components/price';
import { count, totals } from '../../stores/basket';
import { navigate } from '../router';
import { moneyParts, t } from '../text';

/** What is in the basket and the way to pay, always in reach. */
export function BasketBar() {
  return (
    <div class="bar" data-testid="basket-bar">
      <button
        type="button"
        class="bar-open"
        data-testid="basket-open"
        onClick={() => {
          navigate({ name: 'basket', hold: null });
        }}
      >
        <span class="bar-bag" data-basket-target>
          <Icon name="bag" />
        </span>
        <span class="bar-text">
          <span class="bar-count" data-testid="basket-count" data-count={count.value} role="status">
            {t('basket.count', { n: count.value })}
          </span>
          <Price parts={moneyParts(totals.value.totalMinor)} class="bar-total" testid="basket-total" />
        </span>
        <span class="visually-hidden">{t('basket.open')}</span>
      </button>
      <Button
        kind="main"
        class="bar-pay"
        testid="pay"
        disabled={count.value === 0}
        onPress={() => {
          navigate({ name: 'pay' });
        }}
      >
        {t('basket.pay')}
      </Button>
    </div>
  );
}
