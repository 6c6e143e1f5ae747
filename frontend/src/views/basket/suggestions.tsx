import { Suggestion } from '../../components/suggestion';
import { add, lines } from '../../stores/basket';
import { nameOf, products } from '../../stores/shelf';
import { flyToBasket } from '../motion';
import { reason, useSuggestions } from '../reasons';
import { sellable } from '../shelf/shelf-card';
import { moneyParts, t } from '../text';

const ROW_MAX = 6;

/** One row that goes with the basket. A tap adds; it never stands between the shopper and Pay. */
export function BasketSuggestions() {
  const basket = lines.value.map((line) => line.productId);
  const answer = useSuggestions(basket, ROW_MAX);
  const shown = (answer?.items ?? [])
    .flatMap((id) => products.value.get(id) ?? [])
    .filter((one) => sellable(one) && !basket.includes(one.id));
  if (answer === null || shown.length === 0) return null;
  const popular = answer.source === 'bestsellers';
  return (
    <section
      class="basket-suggest"
      data-testid="suggestions"
      data-source={answer.source}
      data-for={answer.for.join(' ')}
    >
      <h2>
        {t(popular ? 'reason.popular' : 'basket.suggestions')}
        {!popular && <span>{reason(answer.source, false)}</span>}
      </h2>
      <div class="suggestions">
        {shown.map((product, place) => (
          <Suggestion
            key={place} // a place takes its next product: cheaper than a new one, and the focus stays
            name={nameOf(product)}
            parts={moneyParts(product.priceMinor)}
            picture={{ src: product.image, colour: product.colour }}
            reason={null}
            adds={t('card.add', { name: nameOf(product) })}
            testid={`suggestion-${product.id}`}
            onPress={(from) => {
              flyToBasket(from);
              add(product.id);
            }}
          />
        ))}
      </div>
    </section>
  );
}
