import './slip.css';
import type { ComponentChildren } from 'preact';

export interface SlipLineText {
  key: number;
  qty: string;
  name: string;
  total: string;
}

export interface SlipProps {
  shop: string;
  number: string;
  numberLabel: string;
  moment: string;
  lines: readonly SlipLineText[];
  /** Small rows below the lines: tax, tender. */
  sums: readonly { label: string; value: string }[];
  total: { label: string; value: string };
  code: ComponentChildren;
  codeText: string;
}

/** The receipt as paper: the number first, because it is what people say at the counter. */
export function Slip(props: SlipProps) {
  return (
    <article class="slip">
      <header class="slip-head">
        <span class="slip-shop">{props.shop}</span>
        <span class="slip-label">{props.numberLabel}</span>
        <bdi class="slip-number" dir="ltr" data-testid="receipt-number">
          {props.number}
        </bdi>
        <span class="slip-label">{props.moment}</span>
      </header>
      <div class="slip-code">
        {props.code}
        <span>{props.codeText}</span>
      </div>
      <ul class="slip-lines">
        {props.lines.map((line) => (
          <li class="slip-line" key={line.key}>
            <span>{line.qty}</span>
            <span>{line.name}</span>
            <span>{line.total}</span>
          </li>
        ))}
      </ul>
      <div class="slip-sums">
        <div class="slip-total">
          <span>{props.total.label}</span>
          <span data-testid="receipt-total">{props.total.value}</span>
        </div>
        {props.sums.map((sum) => (
          <div key={sum.label}>
            <span>{sum.label}</span>
            <span>{sum.value}</span>
          </div>
        ))}
      </div>
    </article>
  );
}
