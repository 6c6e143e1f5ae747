import './product.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { Notice } from '../../components/notice';
import { Picture } from '../../components/picture';
import { Price } from '../../components/price';
import { Sheet } from '../../components/sheet';
import { Stepper } from '../../components/stepper';
import { add, setQty } from '../../stores/basket';
import { lang } from '../../stores/language';
import { categories, describe, nameOf, products, shop } from '../../stores/shelf';
import type { Product } from '../../stores/types';
import { flyToBasket } from '../motion';
import { qtyOf } from '../quantities';
import { back, replace, shelfRoute } from '../router';
import { sellable } from '../shelf/shelf-card';
import { categoryName, moneyParts, number, t } from '../text';
import { GoesWith, Similar } from './beside';

/** One product on a sheet over the shelf. */
export function ProductSheet({ id }: { id: number }) {
  const product = products.value.get(id);
  const name = product ? nameOf(product) : t('product.gone_title');
  return (
    <Sheet label={name} closeLabel={t('nav.close')} testid="product-sheet" onClose={back}>
      {product ? <Body key={id} product={product} /> : <Gone />}
    </Sheet>
  );
}

function Gone() {
  return (
    <Notice icon="bag" title={t('product.gone_title')} text={t('product.gone_text')}>
      <Button onPress={() => replace(shelfRoute.value)}>{t('nav.shelf')}</Button>
    </Notice>
  );
}

function useDescription(id: number): string | null {
  const text = useSignal<string | null>(null);
  const language = lang.value;
  useEffect(() => {
    let wanted = true;
    void describe(id).then((found) => {
      if (wanted) text.value = found;
    });
    return () => {
      wanted = false;
    };
  }, [id, language]);
  return text.value;
}

function Body({ product }: { product: Product }) {
  const what = useDescription(product.id);
  const name = nameOf(product);
  return (
    <article class="product">
      <div class="product-main">
        <div class="product-picture">
          <Picture src={product.image} colour={product.colour} name={name} eager />
        </div>
        <div class="product-text">
          <h1 tabIndex={-1} autofocus>
            {name}
          </h1>
          <p class="product-price">
            <Price parts={moneyParts(product.priceMinor)} />
            <span>{t(shop.value?.inclusive === false ? 'product.tax_added' : 'product.tax_included')}</span>
          </p>
          {product.availability !== 'in_stock' && (
            <p class="product-note">
              <Icon name={product.availability === 'few_left' ? 'clock' : 'hand'} />
              {t(`product.${product.availability}`)}
            </p>
          )}
          {what !== null && <p class="product-what">{what}</p>}
          <Take product={product} name={name} />
          <Details product={product} />
        </div>
      </div>
      <GoesWith product={product} />
      <Similar product={product} />
    </article>
  );
}

function Take({ product, name }: { product: Product; name: string }) {
  const qty = qtyOf(product.id).value;
  if (!sellable(product)) return null;
  return (
    <div class="product-do">
      {qty === 0 ? (
        <Button
          kind="main"
          icon="plus"
          testid="product-add"
          onPress={(event) => {
            add(product.id);
            const sheet = (event.currentTarget as HTMLElement).closest<HTMLElement>('.product-main');
            if (sheet) flyToBasket(sheet);
          }}
        >
          {t('product.add')}
        </Button>
      ) : (
        <Stepper
          qty={qty}
          text={number(qty)}
          lessLabel={t('card.less', { name })}
          moreLabel={t('card.more', { name })}
          statusLabel={t('card.in_basket', { n: qty })}
          onChange={(next) => setQty(product.id, next)}
        />
      )}
    </div>
  );
}

function Details({ product }: { product: Product }) {
  const category = categories.value.find((one) => one.id === product.category);
  return (
    <details>
      <summary>
        {t('product.details')}
        <Icon name="chevron" />
      </summary>
      <dl>
        {category && (
          <>
            <dt>{t('product.category')}</dt>
            <dd>{categoryName(category)}</dd>
          </>
        )}
        <dt>{t('product.availability')}</dt>
        <dd>{t(`product.${product.availability}`)}</dd>
        {product.barcode !== null && (
          <>
            <dt>{t('product.barcode')}</dt>
            <dd class="number">
              <bdi dir="ltr">{product.barcode}</bdi>
            </dd>
          </>
        )}
      </dl>
    </details>
  );
}
