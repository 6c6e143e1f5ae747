import './price.css';
import type { PricePart } from '../i18n';

/** A price as the language writes it; the currency sign steps back so that the amount is what is read across the room. */
export function Price({
  parts,
  testid,
  class: more = '',
}: {
  parts: readonly PricePart[];
  testid?: string;
  class?: string;
}) {
  return (
    <span class={`price ${more}`} data-testid={testid}>
      {parts.map((part) => (part.kind === 'symbol' ? <span class="price-symbol">{part.text}</span> : part.text))}
    </span>
  );
}
