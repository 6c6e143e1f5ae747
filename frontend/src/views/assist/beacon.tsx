import './assist.css';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { extend } from '../../stores/session';
import { t } from '../text';
import { closeAssist } from './open';

const AWAKE_MS = 15_000; // well inside the idle time: a shopper who waits for help is not gone

/** The whole screen as a lamp that can be seen from the counter. */
export function Beacon() {
  useEffect(() => {
    const timer = setInterval(extend, AWAKE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="beacon" role="alert" data-testid="beacon">
      <Icon name="hand" size="7rem" />
      <h1>{t('beacon.title')}</h1>
      <p>{t('beacon.text')}</p>
      <Button onPress={closeAssist}>{t('beacon.done')}</Button>
    </div>
  );
}
