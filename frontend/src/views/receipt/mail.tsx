import './mail.css';
import { useSignal } from '@preact/signals';
import { Button } from '../../components/button';
import { mailReceipt, type Mailed } from '../../stores/mail';
import { t } from '../text';

/** One quiet line, then one field. Nothing typed here is kept on the screen: the next person must not find it. */
export function Mail({ number }: { number: string }) {
  const open = useSignal(false);
  const answer = useSignal<Mailed | 'asking' | null>(null);
  const address = useSignal('');
  const send = async (): Promise<void> => {
    if (address.value.trim() === '') return;
    answer.value = 'asking';
    answer.value = await mailReceipt(number, address.value.trim());
    if (answer.value === 'taken') address.value = '';
  };
  if (answer.value === 'taken')
    return (
      <p class="receipt-more receipt-tell" role="status" data-testid="mail-taken">
        {t('receipt.mail_taken')}
      </p>
    );
  if (!open.value)
    return (
      <Button kind="bare" icon="invoice" testid="mail-open" class="receipt-tell" onPress={() => (open.value = true)}>
        {t('receipt.mail')}
      </Button>
    );
  const refused = answer.value !== null && answer.value !== 'asking' ? answer.value : null;
  return (
    <form
      class="mail"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        <span>{t('receipt.mail_label')}</span>
        <input
          type="email"
          inputmode="email"
          enterkeyhint="send"
          dir="ltr"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={254}
          data-testid="mail-address"
          aria-describedby="mail-consent mail-problem"
          aria-invalid={refused === 'not_an_address'}
          value={address.value}
          onInput={(event) => {
            address.value = event.currentTarget.value;
          }}
        />
      </label>
      <Button testid="mail-send" disabled={answer.value === 'asking'} onPress={() => void send()}>
        {t(answer.value === 'asking' ? 'receipt.tell_wait' : 'receipt.mail_send')}
      </Button>
      <p id="mail-problem" class="mail-problem" role="alert">
        {refused && t(`receipt.mail_${refused}`)}
      </p>
      <p id="mail-consent" class="receipt-more">
        {t('receipt.mail_consent')}
      </p>
    </form>
  );
}
