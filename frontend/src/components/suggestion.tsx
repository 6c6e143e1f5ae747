import './suggestion.css';
import type { PricePart } from '../i18n';
import { Icon } from './icon';
import { Picture } from './picture';
import { Price } from './price';

export interface SuggestionProps {
  name: string;
  parts: readonly PricePart[];
  picture: { src: string | null; colour: string };
  /** Why it is here, in two or three words. */
  reason: string | null;
  /** Says that a tap puts it into the basket; null where a tap opens it. */
  adds: string | null;
  testid: string;
  onPress: (from: HTMLElement) => void;
}

export function Suggestion({ name, parts, picture, reason, adds, testid, onPress }: SuggestionProps) {
  return (
    <button
      type="button"
      class="suggestion"
      aria-description={adds ?? undefined}
      data-testid={testid}
      onClick={(event) => onPress(event.currentTarget)}
    >
      <Picture src={picture.src} colour={picture.colour} name={name} />
      {adds !== null && (
        <span class="suggestion-plus">
          <Icon name="plus" size="1.15em" />
        </span>
      )}
      {reason !== null && <span class="suggestion-reason">{reason}</span>}
      <span class="suggestion-name">{name}</span>
      <Price parts={parts} />
    </button>
  );
}
