/** Screens that the first picture does not need are fetched right after it, and then are simply there. */
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';

const later: (() => Promise<void>)[] = [];

/** Anything else that should be here before a network can be missed. */
export function afterwards(load: () => Promise<void>): void {
  later.push(load);
}

/** A screen from its own file. `Fallback` stands in for the few milliseconds the first time takes. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const ready = signal<ComponentType<P> | null>(null);
  const fetchIt = async (): Promise<void> => {
    ready.value ??= await load();
  };
  later.push(fetchIt);
  return function Lazy(props: P) {
    const Screen = ready.value;
    if (Screen !== null) return <Screen {...props} />;
    fetchIt().catch(() => undefined); // tried again at the next render and by fetchLater
    return <div class="screen" aria-busy="true" />;
  };
}

/** Fetches every such screen while the shopper reads, so that none of them ever waits for a network. */
export function fetchLater(): void {
  const next = (): void => {
    const one = later.shift();
    if (one === undefined) return;
    one()
      .then(next)
      .catch(() => {
        later.push(one);
        setTimeout(next, 5000); // not reachable yet; the first picture does not mind
      });
  };
  setTimeout(next, 300);
}
