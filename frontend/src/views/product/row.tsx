import { Suggestion } from '../../components/suggestion';
import { nameOf, products } from '../../stores/shelf';
import { moneyParts } from '../text';

interface ProductRowProps {
  ids: readonly number[];
  /** Tells apart two rows that hold the same product. */
  place: string;
  /** Why the product at this place of the row is in it. */
  reasonOf?: (place: number) => string | null;
  onOpen: (id: number) => void;
}

/** Products side by side, each a tap away from its own page. */
export function ProductRow({ ids, place, reasonOf, onOpen }: ProductRowProps) {
  return (
    <div class="suggestions">
      {ids.map((id, i) => {
        const product = products.value.get(id);
        if (product === undefined) return null;
        const name = nameOf(product);
        return (
          <Suggestion
            key={id}
            name={name}
            parts={moneyParts(product.priceMinor)}
            picture={{ src: product.image, colour: product.colour }}
            reason={reasonOf?.(i) ?? null}
            adds={null}
            testid={`${place}-${id}`}
            onPress={() => {
              onOpen(id);
            }}
          />
        );
      })}
    </div>
  );
}
