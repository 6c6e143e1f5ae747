import './receipt.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button';
import { Icon, type IconName } from '../../components/icon';
import { Notice } from '../../components/notice';
import { mailOffered } from '../../stores/mail';
import { askToBeTold, slips } from '../../stores/orders';
import { extend, startOver } from '../../stores/session';
import type { Slip, SlipState } from '../../stores/types';
import { t } from '../text';
import { Mail } from './mail';
import { Paper } from './paper';
import { nextStep, standing, type Standing } from './standing';

const CLOSES_S = 45; // time to take a picture of the code without hurry

const icons: Record<Standing, IconName> = { confirmed: 'check', follows: 'clock', check: 'hand' };

export function Receipt({ number }: { number: string }) {
  const slip = slips.value.find((one) => one.number === number);
  if (slip === undefined)
    return (
      <div class="screen">
        <Notice icon="invoice" title={t('receipt.gone_title')} text={t('receipt.gone_text')}>
          <Button onPress={startOver}>{t('receipt.done')}</Button>
        </Notice>
      </div>
    );
  return (
    <div class="receipt" data-testid="receipt">
      <div class="receipt-layout">
        <Say slip={slip} />
        <div class="receipt-paper">
          <Paper slip={slip} />
        </div>
        <Act />
      </div>
    </div>
  );
}

function Say({ slip }: { slip: Slip }) {
  const is = standing(slip.state);
  return (
    <div class="receipt-say">
      <h1 tabIndex={-1}>{t('receipt.title')}</h1>
      <StateMark state={slip.state} />
      <p class="receipt-next">{t(nextStep(slip))}</p>
      {is === 'follows' && <p class="receipt-more">{t('receipt.shortly')}</p>}
      {slip.state !== 'settled' && (
        <Tell number={slip.number} label={t(is === 'follows' ? 'receipt.tell' : 'receipt.tell_change')} />
      )}
      {mailOffered.value && slip.receiptKey !== null && <Mail number={slip.number} />}
    </div>
  );
}

function Act() {
  return (
    <div class="receipt-act">
      <div class="receipt-do">
        <Button icon="print" testid="print" onPress={() => print()}>
          {t('receipt.print')}
        </Button>
        <Button kind="main" testid="receipt-done" onPress={startOver}>
          {t('receipt.done')}
        </Button>
      </div>
      <Closing />
    </div>
  );
}

export function StateMark({ state }: { state: SlipState }) {
  const is = standing(state);
  return (
    <p class="receipt-state" data-testid="receipt-state" data-state={state} data-standing={is} role="status">
      <Icon name={icons[is]} size="1.3em" />
      {t(`receipt.${is}`)}
    </p>
  );
}

function Tell({ number, label }: { number: string; label: string }) {
  const answer = useSignal<Awaited<ReturnType<typeof askToBeTold>> | 'asking' | null>(null);
  const ask = async (): Promise<void> => {
    answer.value = 'asking';
    answer.value = await askToBeTold(number);
  };
  if (answer.value === null || answer.value === 'asking')
    return (
      <Button
        kind="bare"
        icon="bell"
        testid="tell-me"
        class="receipt-tell"
        disabled={answer.value === 'asking'}
        onPress={() => void ask()}
      >
        {answer.value === 'asking' ? t('receipt.tell_wait') : label}
      </Button>
    );
  return (
    <p class="receipt-more receipt-tell" role="status">
      {t(answer.value === 'subscribed' ? 'receipt.tell_yes' : `receipt.tell_${answer.value}`)}
    </p>
  );
}

/** Back to the attract screen for the next person, in plain sight and as late as one likes. */
function Closing() {
  const left = useSignal(CLOSES_S);
  const longer = () => {
    left.value = CLOSES_S;
    extend();
  };
  useEffect(() => {
    const timer = setInterval(() => {
      left.value -= 1;
      if (left.value <= 0) {
        clearInterval(timer);
        startOver();
      }
    }, 1000);
    addEventListener('input', longer); // nobody is sent away while they write
    return () => {
      clearInterval(timer);
      removeEventListener('input', longer);
    };
  }, []);
  return (
    <div class="receipt-close" style={{ '--left': (left.value / CLOSES_S).toFixed(3) }}>
      <span data-testid="receipt-closing">{t('receipt.closing', { n: left.value })}</span>
      <Button testid="receipt-longer" onPress={longer}>
        {t('receipt.longer')}
      </Button>
    </div>
  );
}
