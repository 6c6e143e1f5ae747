/** Wires the screens to what happens elsewhere: the address, the session, the basket's undo. */
import { effect } from '@preact/signals';
import { add, canUndo, lines, setQty, undo } from '../stores/basket';
import { lang } from '../stores/language';
import { onReset } from '../stores/session';
import { nameOf, products } from '../stores/shelf';
import { watchCorner } from './assist/corner';
import { closeAssist, openAssist } from './assist/open';
import { unpackBasket } from './basket/hold';
import { resetComfort, startComfort } from './comfort';
import { forgetLanguage } from './language';
import { afterwards } from './lazy';
import { forgetPlaces } from './places';
import { replace, route, startRouter } from './router';
import { hush, say } from './says';
import { readyLanguage, t } from './text';

export function startViews(): void {
  startComfort();
  startRouter();
  watchCorner(() => openAssist('staff'));
  followLanguage();
  onReset(forgetShopper);
  sayRemoved();
  openHeldBasket();
}

/** The language on the screen at once, the others soon, so that a tap on one never waits. */
function followLanguage(): void {
  effect(() => {
    readyLanguage(lang.value).catch(() => undefined); // cut off just now: tried again below
  });
  for (const other of ['de', 'ar'] as const) afterwards(() => readyLanguage(other));
}

/** The next person finds the screen as if nobody had been here. */
function forgetShopper(): void {
  closeAssist();
  hush();
  resetComfort();
  forgetLanguage();
  forgetPlaces();
  replace({ name: 'attract' });
}

/** A removed line can be put back for as long as the words stand there. */
function sayRemoved(): void {
  effect(() => {
    const line = canUndo.value;
    const product = line ? products.peek().get(line.productId) : undefined;
    if (!product) return;
    say(t('basket.removed', { name: nameOf(product) }), {
      text: t('basket.undo'),
      onPress: () => {
        undo();
        hush();
      },
    });
  });
}

/** A basket brought along in the address is filled in as soon as there is a shelf, once. */
function openHeldBasket(): void {
  effect(() => {
    const at = route.value;
    if (at.name !== 'basket' || at.hold === null || products.value.size === 0) return;
    for (const { productId, qty } of unpackBasket(at.hold)) {
      if (!lines.peek().some((line) => line.productId === productId)) add(productId);
      setQty(productId, qty);
    }
    replace({ name: 'basket', hold: null });
  });
}
