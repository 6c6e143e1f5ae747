import { Card } from '../../components/card';
import { add, setQty } from '../../stores/basket';
import { nameOf, products } from '../../stores/shelf';
import type { Product } from '../../stores/types';
import { flyToBasket } from '../motion';
import { qtyOf } from '../quantities';
import { navigate } from '../router';
import { moneyParts, number, t } from '../text';

/** Only strict goods need a person when the shelf says "ask": anything else in a shopper's hand can be sold. */
export const sellable = (product: Product): boolean =>
  !(product.policy === 'strict' && product.availability === 'ask_staff');

export function noteOf(product: Product): string | null {
  if (product.availability === 'few_left') return t('shelf.few_left');
  return product.availability === 'ask_staff' ? t('shelf.ask') : null;
}

/** One product on a shelf. `place` tells two cards of the same product apart. */
export function ShelfCard({ id, query = '', place = '' }: { id: number; query?: string; place?: string }) {
  const product = products.value.get(id);
  if (product === undefined) return null;
  const name = nameOf(product);
  const qty = qtyOf(id).value;
  return (
    <Card
      name={name}
      query={query}
      parts={moneyParts(product.priceMinor)}
      picture={{ src: product.image, colour: product.colour }}
      qty={qty}
      sellable={sellable(product)}
      words={{
        add: t('card.add', { name }),
        more: t('card.more', { name }),
        less: t('card.less', { name }),
        qty: number(qty),
        inBasket: t('card.in_basket', { n: qty }),
        note: noteOf(product),
      }}
      testids={{ card: `${place}product-${id}`, add: `${place}add-${id}` }}
      onOpen={() => {
        navigate({ name: 'product', id });
      }}
      onAdd={(from) => {
        add(id);
        flyToBasket(from);
      }}
      onQty={(next) => setQty(id, next)}
    />
  );
}
