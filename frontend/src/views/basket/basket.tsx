import './basket.css';
import type { ComponentChildren } from 'preact';
import { Button } from '../../components/button';
import { Notice } from '../../components/notice';
import { Picture } from '../../components/picture';
import { Price } from '../../components/price';
import { Stepper } from '../../components/stepper';
import { count, lines, remove, setQty, totals } from '../../stores/basket';
import { nameOf, products } from '../../stores/shelf';
import type { Line } from '../../stores/types';
import { navigate, route, shelfRoute } from '../router';
import { money, moneyParts, number, t } from '../text';
import { Says } from '../shell/says';
import { BasketSuggestions } from './suggestions';
import { Sums } from './sums';

/** The basket as a screen of its own. */
export function BasketPage() {
  return (
    <div class="screen basket basket-page" data-testid="basket">
      <div class="basket-head">
        <Button icon="back" label={t('nav.shelf')} testid="back" onPress={() => navigate(shelfRoute.value)} />
        <h1 tabIndex={-1}>{t('basket.title')}</h1>
        <Count />
      </div>
      <BasketBody />
    </div>
  );
}

/** The basket beside the shelf, where there is room for both. */
export function BasketPanel({ frozen }: { frozen: boolean }) {
  return (
    <aside class="aside" aria-label={t('basket.title')} inert={frozen} data-testid="basket">
      <div class="basket" data-frozen={frozen ? '' : undefined}>
        <div class="basket-head">
          <h2>{t('basket.title')}</h2>
          <Count />
        </div>
        <BasketBody payable={route.value.name !== 'pay'} />
      </div>
    </aside>
  );
}

function Count() {
  return (
    <span class="bar-count" data-testid="basket-count" data-count={count.value} data-basket-target role="status">
      {t('basket.count', { n: count.value })}
    </span>
  );
}

function BasketBody({ payable = true }: { payable?: boolean }) {
  if (lines.value.length === 0) return <EmptyBasket />;
  return (
    <>
      <div class="basket-scroll">
        <ul>
          {lines.value.map((line, i) => (
            <BasketLine key={line.productId} line={line} totalMinor={totals.value.lineTotals[i] ?? 0} />
          ))}
        </ul>
        {payable && <BasketSuggestions />}
      </div>
      <Says />
      <Foot>
        {payable && (
          <Button
            kind="main"
            class="basket-pay"
            testid="pay"
            onPress={() => {
              navigate({ name: 'pay' });
            }}
          >
            {t('basket.pay')}
          </Button>
        )}
      </Foot>
    </>
  );
}

function Foot({ children }: { children: ComponentChildren }) {
  return (
    <div class="basket-foot" data-testid="basket-bar">
      <Sums />
      {children}
    </div>
  );
}

function EmptyBasket() {
  return (
    <>
      <div class="basket-scroll">
        <Notice icon="bag" title={t('basket.empty_title')} text={t('basket.empty_text')} testid="basket-empty" />
        <BasketSuggestions />
      </div>
      <Says />
    </>
  );
}

function BasketLine({ line, totalMinor }: { line: Line; totalMinor: number }) {
  const product = products.value.get(line.productId);
  const name = product ? nameOf(product) : '';
  return (
    <li class="line" data-testid={`line-${line.productId}`}>
      <Picture src={product?.image ?? null} colour={product?.colour ?? '#b9b0a6'} name={name} />
      <span class="line-name">
        {name}
        {product && line.qty > 1 && <small>{t('basket.each', { price: money(product.priceMinor) })}</small>}
      </span>
      <Price parts={moneyParts(totalMinor)} class="line-total" />
      <span class="line-do">
        <Stepper
          min={1}
          qty={line.qty}
          text={number(line.qty)}
          lessLabel={t('card.less', { name })}
          moreLabel={t('card.more', { name })}
          statusLabel={t('card.in_basket', { n: line.qty })}
          onChange={(qty) => setQty(line.productId, qty)}
        />
        <Button
          icon="bin"
          label={t('basket.remove', { name })}
          testid={`remove-${line.productId}`}
          onPress={() => remove(line.productId)}
        />
      </span>
    </li>
  );
}
