/** A long press in the upper starting corner opens the staff's strip; a shopper's tap there does nothing. */
const CORNER_PX = 96;
const HOLD_MS = 1200;
const WANDER_PX = 24; // a held finger is never still

export interface Spot {
  x: number;
  y: number;
}

/** Whether a touch lies in the corner where reading starts. */
export function inCorner({ x, y }: Spot, width: number, rightToLeft: boolean): boolean {
  return y <= CORNER_PX && (rightToLeft ? width - x : x) <= CORNER_PX;
}

export function watchCorner(onHeld: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start: Spot = { x: 0, y: 0 };
  const stop = () => clearTimeout(timer);
  addEventListener('pointerdown', ({ clientX: x, clientY: y }) => {
    stop();
    start = { x, y };
    if (inCorner(start, innerWidth, document.documentElement.dir === 'rtl')) timer = setTimeout(onHeld, HOLD_MS);
  });
  addEventListener('pointermove', ({ clientX, clientY }) => {
    if (Math.hypot(clientX - start.x, clientY - start.y) > WANDER_PX) stop();
  });
  for (const end of ['pointerup', 'pointercancel', 'contextmenu']) addEventListener(end, stop);
}
