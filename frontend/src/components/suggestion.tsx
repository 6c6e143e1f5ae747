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
  /** True when a tap puts it into the basket, false when it opens. */
  adds: boolean;
  label: string;
  testid: string;
  onPress: (from: HTMLElement) => void;
}

export function Suggestion({ name, parts, picture, reason, adds, label, testid, onPress }: SuggestionProps) {
  return (
    <button
      type="button"
      class="suggestion"
      aria-label={[label, reason, parts.map((part) => part.text).join('')].filter(Boolean).join(', ')}
      data-testid={testid}
      onClick={(event) => onPress(event.currentTarget)}
    >
      <Picture src={picture.src} colour={picture.colour} name={name} />
      {adds && (
        <span class="suggestion-plus">
          <Icon name="plus" size="1.15em" />
        </span>
      )}
      {reason !== null && (
        <span class="suggestion-reason" aria-hidden="true">
          {reason}
        </span>
      )}
      <span class="suggestion-name" aria-hidden="true">
        {name}
      </span>
      <Price parts={parts} isSaid />
    </button>
  );
}
