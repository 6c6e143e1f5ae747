import './price.css';
import type { PricePart } from '../i18n';

/** A price as the language writes it; the currency sign steps back so that the amount is what is read across the room. */
export function Price({
  parts,
  testid,
  class: more = '',
  isSaid = false,
}: {
  parts: readonly PricePart[];
  testid?: string;
  class?: string;
  /** True where the label of what it stands in says it already. */
  isSaid?: boolean;
}) {
  return (
    <span class={`price ${more}`} data-testid={testid} aria-hidden={isSaid || undefined}>
      {parts.map((part) => (part.kind === 'symbol' ? <span class="price-symbol">{part.text}</span> : part.text))}
    </span>
  );
}
