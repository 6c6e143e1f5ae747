import { ConnectionMark } from '../../components/connection-mark';
import { SetupLine } from '../../components/setup-line';
import { connection, pricesAt } from '../../stores/connection';
import { stages } from '../../stores/hydration';
import { products } from '../../stores/shelf';
import type { Stage } from '../../stores/types';
import { t, time } from '../text';

/** What is being done right now: the first stage under way, else the first still to come. */
export function current(all: readonly Stage[]): Stage | undefined {
  return all.find((stage) => stage.state === 'loading') ?? all.find((stage) => stage.state !== 'done');
}

/** Nothing is under way when the shelves are full and there is nobody to ask for more. */
const resting = (): boolean => connection.value === 'screen_alone' && products.value.size > 0;

export function Setup() {
  const now = current(stages.value);
  return (
    <SetupLine
      resting={resting()}
      stages={stages.value}
      label={t('setup.label')}
      text={now ? t(`setup.${now.name}`) : t('setup.done')}
    />
  );
}

export function Foot() {
  const state = connection.value;
  const prices =
    state !== 'connected' && pricesAt.value !== null ? t('connection.prices_at', { time: time(pricesAt.value) }) : null;
  return (
    <footer class="foot">
      <ConnectionMark state={state} text={t(`connection.${state}`)} prices={prices} />
      <Setup />
    </footer>
  );
}
