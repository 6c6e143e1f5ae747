import './assist.css';
import { Button } from '../../components/button';
import { Sheet } from '../../components/sheet';
import { extend, idleWarning, startOver } from '../../stores/session';
import { number, t } from '../text';

const WARNING_S = 20; // as long as the session store gives
const AROUND = 2 * Math.PI * 44;

/** Are you still there? One tap to stay, everything gone otherwise. */
export function Idle() {
  const left = idleWarning.value;
  if (left === null) return null;
  const share = Math.min(left / WARNING_S, 1);
  return (
    <Sheet label={t('idle.title')} closeLabel={t('idle.stay')} small asking testid="idle" onClose={extend}>
      <div class="idle">
        <div class="idle-ring" aria-hidden="true">
          <svg viewBox="0 0 100 100">
            <circle cx="50" cy="50" r="44" />
            <circle cx="50" cy="50" r="44" stroke-dasharray={AROUND} stroke-dashoffset={AROUND * (1 - share)} />
          </svg>
          {number(left)}
        </div>
        <h1>{t('idle.title')}</h1>
        <p>{t('idle.text', { n: left })}</p>
        <div class="idle-do">
          <Button kind="main" testid="idle-stay" onPress={extend}>
            {t('idle.stay')}
          </Button>
          <Button testid="idle-over" onPress={startOver}>
            {t('head.start_over')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
