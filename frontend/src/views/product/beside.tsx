/** What stands beside a product: what goes well with it, and what is like it. */
import type { ComponentChildren } from 'preact';
import { products } from '../../stores/shelf';
import type { Product } from '../../stores/types';
import { reasonFor, useSuggestions } from '../reasons';
import { replace } from '../router';
import { t } from '../text';
import { ProductRow } from './row';
import { similarTo } from './similar';

const GOES_WITH_MAX = 6;

const open = (id: number): void => {
  replace({ name: 'product', id });
};

function Beside({ title, note, children }: { title: string; note: string | null; children: ComponentChildren }) {
  return (
    <section class="product-row">
      <h2>
        {title}
        {note !== null && <span>{note}</span>}
      </h2>
      {children}
    </section>
  );
}

export function GoesWith({ product }: { product: Product }) {
  const answer = useSuggestions([product.id], GOES_WITH_MAX);
  const ids = (answer?.items ?? []).filter((id) => id !== product.id && products.value.has(id));
  if (answer === null || ids.length === 0) return null;
  const reasons = ids.map((id) => reasonFor(answer.source, id, [product.id]));
  const same = reasons.every((one) => one === reasons[0]); // said once when it holds for all
  return (
    <Beside title={t('product.goes_with')} note={same ? (reasons[0] ?? null) : null}>
      <ProductRow ids={ids} place="goes-with" reasonOf={(i) => (same ? null : (reasons[i] ?? null))} onOpen={open} />
    </Beside>
  );
}

export function Similar({ product }: { product: Product }) {
  const ids = similarTo(product, products.value);
  if (ids.length === 0) return null;
  return (
    <Beside title={t('product.similar')} note={null}>
      <ProductRow ids={ids} place="similar" onOpen={open} />
    </Beside>
  );
}
