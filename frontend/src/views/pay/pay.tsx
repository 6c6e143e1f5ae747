import './pay.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { Notice } from '../../components/notice';
import { Picture } from '../../components/picture';
import { Price } from '../../components/price';
import { count, lines, totals } from '../../stores/basket';
import { pay, paying } from '../../stores/checkout';
import { nameOf, products, shop } from '../../stores/shelf';
import type { PayResult, Tender } from '../../stores/types';
import { layout } from '../shell/layout';
import { navigate, replace, shelfRoute } from '../router';
import { moneyParts, number, t } from '../text';
import { Cant } from './cant';

const tenders: readonly Tender[] = ['cash', 'card', 'counter', 'invoice'];
/** When the words change while an order is being written down, in milliseconds. */
const WORDS_MS = [1500, 5000] as const;

type Refusal = Extract<PayResult, { kind: 'refused' }> & { tender: Tender };

export function Pay() {
  const chosen = useSignal<Tender | null>(null);
  const refused = useSignal<Refusal | null>(null);

  const settle = async (tender: Tender): Promise<void> => {
    if (paying.peek()) return;
    chosen.value = tender;
    refused.value = null;
    const result = await pay(tender);
    chosen.value = null;
    if (result.kind === 'refused') refused.value = { ...result, tender };
    else replace({ name: 'receipt', number: result.slip.number });
  };
  const start = (tender: Tender): void => void settle(tender);

  if (refused.value !== null)
    return (
      <Cant
        code={refused.value.code}
        fields={refused.value.fields}
        onRetry={() => start(refused.value?.tender ?? 'counter')}
        onChoose={() => (refused.value = null)}
      />
    );
  return <Choose chosen={chosen.value} onChoose={start} />;
}

function Choose({ chosen, onChoose }: { chosen: Tender | null; onChoose: (tender: Tender) => void }) {
  if (count.value === 0 && chosen === null)
    return (
      <div class="screen">
        <Notice icon="bag" title={t('basket.empty_title')} text={t('pay.empty')} testid="pay-empty">
          <Button onPress={() => navigate(shelfRoute.value)}>{t('nav.shelf')}</Button>
        </Notice>
      </div>
    );
  const basket = layout.value === 'wide' ? shelfRoute.value : ({ name: 'basket', hold: null } as const);
  return (
    <div class="screen" data-testid="pay-screen">
      <Goods />
      <div class="screen-head">
        <Button
          icon="back"
          label={t('pay.change')}
          testid="back"
          disabled={chosen !== null}
          onPress={() => navigate(basket)}
        />
        <h1 tabIndex={-1}>{t('pay.title')}</h1>
      </div>
      <p class="pay-amount">
        <span>{t('pay.amount')}</span>
        <Price parts={moneyParts(totals.value.totalMinor)} testid="pay-amount" />
      </p>
      <div class="tenders" data-paying={chosen !== null ? '' : undefined}>
        {(shop.value?.tenders ?? tenders).map((tender) => (
          <button
            type="button"
            key={tender}
            class="tender"
            data-testid={`tender-${tender}`}
            data-chosen={chosen === tender ? '' : undefined}
            disabled={chosen !== null}
            onClick={() => onChoose(tender)}
          >
            <span class="tender-icon">
              <Icon name={tender} size="1.75rem" />
            </span>
            <span class="tender-name">{t(`pay.${tender}`)}</span>
            <span class="tender-text">{t(`pay.${tender}_text`)}</span>
          </button>
        ))}
      </div>
      <div role="status">{chosen !== null && <Progress />}</div>
    </div>
  );
}

const GOODS_MAX = 4;

/** On a tall wall the upper third is for looking: what is about to be taken home. */
function Goods() {
  const shown = lines.value.slice(-GOODS_MAX).flatMap((line) => {
    const product = products.value.get(line.productId);
    return product ? [{ ...line, product }] : [];
  });
  return (
    <ul class="pay-goods" aria-hidden="true">
      {shown.map(({ productId, qty, product }) => (
        <li key={productId}>
          <Picture src={product.image} colour={product.colour} name={nameOf(product)} />
          {qty > 1 && <span class="number">{number(qty)}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Progress in words, because a bar would claim to know how long it takes. */
function Progress() {
  const step = useSignal<1 | 2 | 3>(1);
  useEffect(() => {
    const timers = WORDS_MS.map((ms, i) => setTimeout(() => (step.value = i === 0 ? 2 : 3), ms));
    return () => timers.forEach(clearTimeout);
  }, []);
  return <p class="pay-words">{t(`pay.progress_${step.value}`)}</p>;
}
