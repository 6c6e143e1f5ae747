import { Toast } from '../../components/toast';
import { saying } from '../says';

/** The one short line, wherever the screen has room for it. */
export function Says() {
  const now = saying.value;
  return <div class="toasts">{now && <Toast key={now.text} text={now.text} action={now.action} />}</div>;
}
