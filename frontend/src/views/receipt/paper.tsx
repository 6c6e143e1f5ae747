import { Qr } from '../../components/qr';
import { Slip as SlipPaper } from '../../components/slip';
import { shop } from '../../stores/shelf';
import type { Slip } from '../../stores/types';
import { moment, money, number, t } from '../text';

/** The slip of a sale on this screen, in the shopper's language. */
export function Paper({ slip }: { slip: Slip }) {
  const inclusive = shop.value?.inclusive !== false;
  const tax =
    slip.taxMinor > 0 ? [{ label: t(inclusive ? 'receipt.tax_in' : 'receipt.tax'), value: money(slip.taxMinor) }] : [];
  return (
    <SlipPaper
      shop={shop.value?.name ?? ''}
      number={slip.number}
      numberLabel={t('receipt.number')}
      moment={moment(slip.placedAt)}
      lines={slip.lines.map((line) => ({
        key: line.productId,
        qty: number(line.qty),
        name: line.name,
        total: money(line.totalMinor),
      }))}
      total={{ label: t('basket.total'), value: money(slip.totalMinor) }}
      sums={[...tax, { label: t('receipt.paid_by'), value: t(`pay.${slip.tender}`) }]}
      code={<Qr text={slip.receiptUrl} label={t('receipt.qr_label', { number: slip.number })} />}
      codeText={t('receipt.qr')}
    />
  );
}
