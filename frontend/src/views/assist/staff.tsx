import './assist.css';
import { Icon, type IconName } from '../../components/icon';
import { Sheet } from '../../components/sheet';
import { tokensLeft } from '../../stores/checkout';
import { connection, pricesAt } from '../../stores/connection';
import { stages } from '../../stores/hydration';
import { unsent, unsentMinor } from '../../stores/orders';
import type { Stage } from '../../stores/types';
import { moment, money, number, t } from '../text';
import { closeAssist } from './open';

type Link = 'up' | 'down' | 'unknown';
const linkIcons: Record<Link, IconName> = { up: 'check', down: 'alone', unknown: 'clock' };
const stageIcons: Record<Stage['state'], IconName> = {
  waiting: 'clock',
  loading: 'clock',
  done: 'check',
  failed: 'restart',
};

/** What an attendant wants to know at the screen, read-only: a shopper who finds it can do no harm. */
export function StaffStrip() {
  const prices = pricesAt.value;
  return (
    <Sheet label={t('staff.title')} closeLabel={t('nav.close')} small testid="staff" onClose={closeAssist}>
      <div class="staff">
        <h1 tabIndex={-1} autofocus>
          {t('staff.title')}
        </h1>
        <dl class="staff-list">
          <LinkRow label={t('staff.screen_link')} link={connection.value === 'screen_alone' ? 'down' : 'up'} />
          <LinkRow
            label={t('staff.shop_link')}
            link={connection.value === 'connected' ? 'up' : connection.value === 'shop_alone' ? 'down' : 'unknown'}
          />
          <div>
            <dt>{t('staff.prices')}</dt>
            <dd class="number">{prices === null ? t('staff.never') : moment(prices)}</dd>
          </div>
        </dl>
        <dl class="staff-big">
          <Big label={t('staff.unsent')} value={number(unsent.value)} testid="staff-unsent" />
          <Big label={t('staff.unsent_value')} value={money(unsentMinor.value)} testid="staff-unsent-value" />
          <Big label={t('staff.tokens')} value={number(tokensLeft.value)} testid="staff-tokens" />
        </dl>
        <h2>{t('staff.stages')}</h2>
        <dl class="staff-list">
          {stages.value.map((stage) => (
            <div key={stage.name}>
              <dt>{t(`setup.${stage.name}`)}</dt>
              <dd>
                <Icon name={stageIcons[stage.state]} size="1.2em" />
                {t(stage.isSpoilt ? 'stage.spoilt' : `stage.${stage.state}`)}
              </dd>
            </div>
          ))}
        </dl>
        <p>{t('staff.read_only')}</p>
      </div>
    </Sheet>
  );
}

function LinkRow({ label, link }: { label: string; link: Link }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Icon name={linkIcons[link]} size="1.2em" />
        {t(`staff.link_${link}`)}
      </dd>
    </div>
  );
}

function Big({ label, value, testid }: { label: string; value: string; testid: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-testid={testid}>{value}</dd>
    </div>
  );
}
