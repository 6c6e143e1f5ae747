import './stepper.css';
import { Icon } from './icon';

export interface StepperProps {
  qty: number;
  /** How the quantity is written here. */
  text: string;
  lessLabel: string;
  moreLabel: string;
  /** Read aloud when the quantity changes. */
  statusLabel: string;
  /** Lowest quantity the stepper itself reaches; 0 makes its last step a removal. */
  min?: 0 | 1;
  max?: number;
  moreTestid?: string;
  onChange: (qty: number) => void;
}

/** More than this of one thing is a conversation, not a tap. */
export const QTY_MAX = 99;

/** The quantity one tap later, inside 0 and `max`. */
export function step(qty: number, by: 1 | -1, max = QTY_MAX): number {
  return Math.min(Math.max(qty + by, 0), max);
}

export function Stepper(props: StepperProps) {
  const { qty, min = 0, max = QTY_MAX, onChange } = props;
  const change = (by: 1 | -1) => (event: MouseEvent) => {
    event.stopPropagation();
    onChange(step(qty, by, max));
  };
  return (
    <div class="stepper" role="group">
      <button type="button" aria-label={props.lessLabel} disabled={qty <= min} onClick={change(-1)}>
        <Icon name={qty > 1 || min === 1 ? 'minus' : 'bin'} size="1.35em" />
      </button>
      <span class="stepper-count" aria-hidden="true">
        {props.text}
      </span>
      <span class="visually-hidden" role="status">
        {props.statusLabel}
      </span>
      <button
        type="button"
        aria-label={props.moreLabel}
        disabled={qty >= max}
        data-testid={props.moreTestid}
        onClick={change(1)}
      >
        <Icon name="plus" size="1.35em" />
      </button>
    </div>
  );
}
