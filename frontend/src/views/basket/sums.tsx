import { Price } from '../../components/price';
import { totals } from '../../stores/basket';
import { shop } from '../../stores/shelf';
import { money, moneyParts, rate, t } from '../text';

/** The total, and the taxes as this country wants them: inside the price or on top of it. */
export function Sums() {
  const { totalMinor, taxMinor, taxByRate } = totals.value;
  const inclusive = shop.value?.inclusive !== false;
  const taxes = Object.entries(taxByRate).filter(([, minor]) => minor !== 0);
  return (
    <dl class="sums">
      {!inclusive && taxes.length > 0 && (
        <div>
          <dt>{t('basket.net')}</dt>
          <dd>{money(totalMinor - taxMinor)}</dd>
        </div>
      )}
      {!inclusive &&
        taxes.map(([basisPoints, minor]) => (
          <div key={basisPoints}>
            <dt>{t('basket.tax_added', { rate: rate(Number(basisPoints)) })}</dt>
            <dd>{money(minor)}</dd>
          </div>
        ))}
      <div class="sums-total">
        <dt>{t('basket.total')}</dt>
        <dd>
          <Price parts={moneyParts(totalMinor)} testid="basket-total" />
        </dd>
      </div>
      {inclusive &&
        taxes.map(([basisPoints, minor]) => (
          <div key={basisPoints}>
            <dt>{t('basket.tax_included', { amount: money(minor), rate: rate(Number(basisPoints)) })}</dt>
          </div>
        ))}
    </dl>
  );
}
