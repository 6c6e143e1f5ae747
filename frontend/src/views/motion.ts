/** The picture moves to the basket, so that the eye learns where things go. */
import { comfort } from './comfort';

const FLIGHT_MS = 200;

export function lessMotion(): boolean {
  return comfort.value.motion || matchMedia('(prefers-reduced-motion: reduce)').matches;
}

export function flyToBasket(from: HTMLElement): void {
  if (lessMotion()) return;
  const picture = from.querySelector<HTMLElement>('.picture');
  const target = document.querySelector('[data-basket-target]');
  if (picture === null || target === null) return;
  const start = picture.getBoundingClientRect();
  const end = target.getBoundingClientRect();
  const flyer = picture.cloneNode(true) as HTMLElement;
  Object.assign(flyer.style, {
    position: 'fixed',
    insetBlockStart: `${start.top}px`,
    left: `${start.left}px`,
    inlineSize: `${start.width}px`,
    zIndex: '60',
    pointerEvents: 'none',
    transformOrigin: '0 0',
  });
  const layer = from.closest('dialog') ?? document.body; // an open dialog lies above everything in the body
  layer.append(flyer);
  const scale = Math.max(end.width, 24) / start.width;
  const to = `translate(${end.left - start.left}px, ${end.top - start.top}px) scale(${scale})`;
  flyer
    .animate([{ opacity: 1 }, { transform: to, opacity: 0.25 }], {
      duration: FLIGHT_MS,
      easing: 'cubic-bezier(0.5, 0, 0.7, 0.6)',
    })
    .finished.catch(() => undefined) // cut short by a page that is leaving
    .finally(() => flyer.remove());
}
