import './connection-mark.css';

export interface ConnectionMarkProps {
  state: 'connected' | 'shop_alone' | 'screen_alone';
  text: string;
  prices: string | null;
}

/** A dot and three words that staff can read across the room; filled, half and open, so that colour is not needed. */
export function ConnectionMark({ state, text, prices }: ConnectionMarkProps) {
  return (
    <span class="connection" data-testid="connection" data-state={state}>
      <span class="connection-dot" aria-hidden="true" />
      <span>{text}</span>
      {prices !== null && <span class="connection-prices number">{prices}</span>}
    </span>
  );
}
