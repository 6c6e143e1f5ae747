import './card.css';
import type { PricePart } from '../i18n';
import { Icon } from './icon';
import { Marked } from './marked';
import { Picture } from './picture';
import { Price } from './price';
import { Stepper } from './stepper';

export interface CardWords {
  add: string;
  more: string;
  less: string;
  qty: string;
  inBasket: string;
  /** "Few left" or "Ask us"; nothing when there is nothing to say. */
  note: string | null;
}

export interface CardProps {
  name: string;
  query: string;
  parts: readonly PricePart[];
  picture: { src: string | null; colour: string };
  qty: number;
  /** False when only a person can sell it now. */
  sellable: boolean;
  words: CardWords;
  testids: { card: string; add: string };
  onOpen: () => void;
  onAdd: (from: HTMLElement) => void;
  onQty: (qty: number) => void;
}

export function Card(props: CardProps) {
  const { words, testids } = props;
  return (
    <article class="card" data-testid={testids.card}>
      <button type="button" class="card-open" onClick={props.onOpen}>
        <Picture src={props.picture.src} colour={props.picture.colour} name={props.name} />
        <span class="card-name">
          <Marked text={props.name} query={props.query} />
        </span>
        <span class="card-price">
          <Price parts={props.parts} />
        </span>
      </button>
      {words.note !== null && <span class="card-note">{words.note}</span>}
      <div class="card-do">{props.sellable && <CardControl {...props} />}</div>
    </article>
  );
}

function CardControl({ qty, words, testids, onAdd, onQty }: CardProps) {
  if (qty === 0)
    return (
      <button
        type="button"
        class="card-add"
        aria-label={words.add}
        data-testid={testids.add}
        onClick={(event) => onAdd(event.currentTarget.closest<HTMLElement>('.card') ?? event.currentTarget)}
      >
        <Icon name="plus" />
      </button>
    );
  return (
    <Stepper
      qty={qty}
      text={words.qty}
      lessLabel={words.less}
      moreLabel={words.more}
      statusLabel={words.inBasket}
      moreTestid={testids.add}
      onChange={onQty}
    />
  );
}

/** The card's shape before its content is known. */
export function CardSkeleton() {
  return (
    <div class="card card-skeleton" aria-hidden="true">
      <span class="picture" />
      <span class="skeleton-line" style={{ inlineSize: '85%' }} />
      <span class="skeleton-line" style={{ inlineSize: '40%' }} />
    </div>
  );
}
