/** Suggestions for a screen: asked for again when their basket changes, the newest answer wins. */
import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { products } from '../stores/shelf';
import { suggest, suggestHere } from '../stores/suggest';
import type { Suggestion, SuggestionSource } from '../stores/types';
import { t } from './text';

/** Why something is suggested, in words a shopper would use. */
export function reason(source: SuggestionSource, sameShelf: boolean): string {
  if (source === 'bestsellers') return t('reason.popular');
  if (source === 'vectors') return t('reason.similar');
  return t(sameShelf ? 'reason.same_shelf' : 'reason.together');
}

export const reasonFor = (source: SuggestionSource, id: number, beside: readonly number[]): string => {
  const category = products.value.get(id)?.category;
  return reason(
    source,
    beside.some((other) => products.value.get(other)?.category === category),
  );
};

/** A suggestion and the basket it answers, which may be the one before: the old row stays until the new one is there. */
export interface Answer extends Suggestion {
  for: readonly number[];
}

export function useSuggestions(basket: readonly number[], k: number): Answer | null {
  const last = useSignal<Answer | null>(null);
  const asked = basket.join();
  const known = products.value.size > 0;
  // The table on this screen answers in the same pass as the tap; only a kiosk is waited for.
  const here = known ? suggestHere(basket, k) : null;
  useLayoutEffect(() => {
    let wanted = true;
    const take = (found: Suggestion) => {
      if (wanted) last.value = { ...found, for: basket };
    };
    if (here) take(here);
    else if (known) void suggest(basket, k).then(take);
    return () => {
      wanted = false;
    };
  }, [asked, k, known]);
  return here ? { ...here, for: basket } : last.value;
}
