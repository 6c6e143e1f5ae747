import '../receipt/receipt.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { Notice } from '../../components/notice';
import { Qr } from '../../components/qr';
import { Slip } from '../../components/slip';
import { formatPrice } from '../../i18n';
import { lang } from '../../stores/language';
import { everything, replace } from '../router';
import { StateMark } from '../receipt/receipt';
import { moment, number, t } from '../text';
import { fetchReceipt, type FetchedReceipt } from './wire';

/** Where the code of a receipt leads: the receipt itself, on whoever's phone. */
export function Lookup({ receiptKey }: { receiptKey: string }) {
  const found = useSignal<FetchedReceipt | null | 'loading'>('loading');
  const look = async (): Promise<void> => {
    found.value = 'loading';
    found.value = await fetchReceipt(receiptKey);
  };
  useEffect(() => void look(), [receiptKey]);

  if (found.value === 'loading')
    return (
      <div class="screen" aria-busy="true">
        <h1 tabIndex={-1}>{t('lookup.loading')}</h1>
        <span class="skeleton-line" style={{ inlineSize: '70%', blockSize: '3rem' }} />
        <span class="skeleton-line" style={{ blockSize: '14rem' }} />
      </div>
    );
  if (found.value === null)
    return (
      <div class="screen">
        <Notice icon="clock" title={t('lookup.missing_title')} text={t('lookup.missing_text')} testid="lookup-missing">
          <Button kind="main" onPress={() => void look()}>
            {t('lookup.again')}
          </Button>
        </Notice>
      </div>
    );
  return <Found receipt={found.value} />;
}

function Found({ receipt }: { receipt: FetchedReceipt }) {
  const price = (minor: number): string => formatPrice(lang.value, minor, receipt);
  return (
    <div class="receipt" data-testid="lookup">
      <div class="receipt-layout">
        <div class="receipt-say">
          <h1 tabIndex={-1}>{t('lookup.title')}</h1>
          {receipt.state === 'void' ? (
            <p class="receipt-state" data-state="review">
              <Icon name="close" size="1.3em" />
              {t('lookup.void')}
            </p>
          ) : (
            <StateMark state={receipt.state} />
          )}
          {receipt.state === 'review' && <p class="receipt-more">{t('receipt.check_text')}</p>}
          <div class="receipt-do">
            <Button icon="print" onPress={() => print()}>
              {t('receipt.print')}
            </Button>
            <Button onPress={() => replace(everything)}>{t('nav.shelf')}</Button>
          </div>
        </div>
        <div class="receipt-paper">
          <Slip
            shop={receipt.shop}
            number={receipt.number}
            numberLabel={t('receipt.number')}
            moment={receipt.placedAt === null ? '' : moment(receipt.placedAt)}
            lines={receipt.lines.map((line, i) => ({
              key: i,
              qty: number(line.qty),
              name: line.name,
              total: price(line.totalMinor),
            }))}
            total={{ label: t('basket.total'), value: price(receipt.totalMinor) }}
            sums={
              receipt.taxMinor > 0
                ? [{ label: t(receipt.inclusive ? 'receipt.tax_in' : 'receipt.tax'), value: price(receipt.taxMinor) }]
                : []
            }
            code={<Qr text={location.href} label={t('receipt.qr_label', { number: receipt.number })} />}
            codeText={t('receipt.qr')}
          />
        </div>
      </div>
    </div>
  );
}
