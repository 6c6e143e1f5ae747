import './setup-line.css';

export interface SetupStage {
  name: string;
  state: 'waiting' | 'loading' | 'done' | 'failed';
  doneBytes: number;
  totalBytes: number;
}

/** How much of a stage is here, 0 to 1; only "done" is 1, so the line never promises more than is true. */
export function share(stage: SetupStage): number {
  if (stage.state === 'done') return 1;
  if (stage.state === 'waiting' || stage.totalBytes <= 0) return 0;
  return Math.min(stage.doneBytes / stage.totalBytes, 0.97);
}

interface SetupLineProps {
  stages: readonly SetupStage[];
  label: string;
  text: string;
  /** True while nothing is being fetched and nothing is missed. */
  resting?: boolean;
}

/** One calm line while the screen fills; it steps out of sight once all is here and stays for those who ask. */
export function SetupLine({ stages, label, text, resting = false }: SetupLineProps) {
  const done = stages.length > 0 && stages.every((stage) => stage.state === 'done');
  return (
    <div class={done || resting ? 'setup setup-done' : 'setup'}>
      <ol class="setup-bars" aria-label={label}>
        {stages.map((stage) => (
          <li
            key={stage.name}
            data-testid={`stage-${stage.name}`}
            data-state={stage.state}
            style={{ '--share': share(stage).toFixed(3) }}
          />
        ))}
      </ol>
      {stages.length > 0 && <span class="setup-text">{text}</span>}
    </div>
  );
}
