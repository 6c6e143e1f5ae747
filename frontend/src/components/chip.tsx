import './chip.css';

export interface ChipProps {
  text: string;
  count: string | null;
  countLabel: string;
  chosen: boolean;
  testid: string;
  onPress: () => void;
}

export function Chip({ text, count, countLabel, chosen, testid, onPress }: ChipProps) {
  return (
    <button type="button" class="chip" aria-pressed={chosen} data-testid={testid} onClick={onPress}>
      <span>{text}</span>
      {count !== null && (
        <>
          <span class="chip-count" aria-hidden="true">
            {count}
          </span>
          <span class="visually-hidden">{countLabel}</span>
        </>
      )}
    </button>
  );
}
