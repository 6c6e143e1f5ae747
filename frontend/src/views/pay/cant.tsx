/** "Can't do that here": what is possible instead, with the basket kept. */
import type { ComponentChildren } from 'preact';
import { Button } from '../../components/button';
import { Icon, type IconName } from '../../components/icon';
import { Picture } from '../../components/picture';
import { lines, setQty } from '../../stores/basket';
import { nameOf, products } from '../../stores/shelf';
import { openAssist } from '../assist/open';
import { packBasket } from '../basket/hold';
import { lazy } from '../lazy';
import { ProductRow } from '../product/row';
import { similarTo } from '../product/similar';
import { address, navigate } from '../router';
import { money, t } from '../text';
import { readRefusal } from './refusal';

const Qr = lazy(() => import('../../components/qr').then((module) => module.Qr));

interface CantProps {
  code: string;
  fields: Readonly<Record<string, unknown>>;
  /** Pay again the same way. */
  onRetry: () => void;
  /** Back to the ways of paying. */
  onChoose: () => void;
}

export function Cant({ code, fields, onRetry, onChoose }: CantProps) {
  const refusal = readRefusal(code, fields);
  switch (refusal.kind) {
    case 'limit':
      return <AtCounter title={t('cant.limit_title')} text={t('cant.limit_text')} onChoose={onChoose} />;
    case 'stock':
      return <Faster productId={refusal.productId} available={refusal.available} onChoose={onChoose} />;
    case 'price':
      return (
        <Frame
          icon="clock"
          kind="price"
          title={t('cant.price_title')}
          text={t('cant.price_text', { amount: money(refusal.totalMinor) })}
        >
          <div class="cant-do">
            <Button kind="main" testid="cant-go" onPress={onRetry}>
              {t('cant.price_go', { amount: money(refusal.totalMinor) })}
            </Button>
            <ToBasket />
          </div>
        </Frame>
      );
    case 'tender':
      return (
        <Frame icon="hand" kind="tender" title={t('cant.tender_title')} text={t('cant.tender_text')}>
          <div class="cant-do">
            <Button kind="main" testid="cant-choose" onPress={onChoose}>
              {t('cant.choose')}
            </Button>
            <CallSomeone />
          </div>
        </Frame>
      );
    case 'other':
      return <AtCounter title={t('cant.other_title')} text={t('cant.other_text')} onChoose={onChoose} />;
  }
}

function Frame({
  icon,
  kind,
  title,
  text,
  art,
  children,
}: {
  icon: IconName;
  kind: string;
  title: string;
  text: string;
  art?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="screen cant" data-testid={`cant-${kind}`}>
      {art}
      <span class="cant-mark">
        <Icon name={icon} size="2rem" />
      </span>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="cant-text">{text}</p>
      {children}
    </div>
  );
}

const ToBasket = () => (
  <Button
    onPress={() => {
      navigate({ name: 'basket', hold: null });
    }}
  >
    {t('cant.back')}
  </Button>
);

const CallSomeone = () => (
  <Button icon="hand" testid="call-someone" onPress={() => openAssist('beacon')}>
    {t('cant.call')}
  </Button>
);

function AtCounter({ title, text, onChoose }: { title: string; text: string; onChoose: () => void }) {
  const hold = location.origin + address({ name: 'basket', hold: packBasket(lines.value) });
  return (
    <Frame icon="counter" kind="counter" title={title} text={text}>
      <div class="cant-code">
        <Qr text={hold} label={t('cant.code')} />
        <span>{t('cant.code')}</span>
      </div>
      <div class="cant-do">
        <CallSomeone />
        <Button onPress={onChoose}>{t('cant.choose')}</Button>
        <ToBasket />
      </div>
    </Frame>
  );
}

function Faster({ productId, available, onChoose }: { productId: number; available: number; onChoose: () => void }) {
  const product = products.value.get(productId);
  const near = product ? similarTo(product, products.value) : [];
  const art = product && (
    <div class="pay-goods" aria-hidden="true">
      <Picture src={product.image} colour={product.colour} name={nameOf(product)} />
    </div>
  );
  const title = product ? `${t('cant.stock_title')}: ${nameOf(product)}` : t('cant.stock_title');
  return (
    <Frame
      icon="hand"
      kind="stock"
      art={art}
      title={title}
      text={available > 0 ? t('cant.stock_some', { n: available }) : t('cant.stock_text')}
    >
      <div class="cant-do">
        <Button
          kind="main"
          testid="cant-take"
          onPress={() => {
            setQty(productId, available);
            onChoose();
          }}
        >
          {t('cant.stock_take', { n: available })}
        </Button>
        <CallSomeone />
        <ToBasket />
      </div>
      <section>
        <h2>{t('cant.close_to')}</h2>
        <ProductRow
          ids={near}
          place="close"
          onOpen={(id) => {
            navigate({ name: 'product', id });
          }}
        />
      </section>
    </Frame>
  );
}
