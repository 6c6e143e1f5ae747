/** What a hand scanner types: a code and Enter. */
import { add } from '../../stores/basket';
import { nameOf, products } from '../../stores/shelf';
import { say } from '../says';
import { t } from '../text';
import { sellable } from './shelf-card';

/** Longest and shortest printed retail codes (GS1: GTIN-8 to GTIN-14); anything else is a word. */
const CODE = /^\d{8,14}$/;

/** Puts the product with this code into the basket. False when the text is not a code and should be searched for. */
export function takeScan(text: string): boolean {
  const code = text.trim();
  const product = [...products.value.values()].find((one) => one.barcode === code);
  if (product === undefined) {
    if (CODE.test(code)) say(t('toast.not_found', { code }));
    return false;
  }
  if (!sellable(product)) say(`${nameOf(product)}: ${t('shelf.ask')}`);
  else {
    add(product.id);
    say(t('toast.added', { name: nameOf(product) }));
  }
  return true;
}
