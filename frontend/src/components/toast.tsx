import './toast.css';
import { Button } from './button';

export interface ToastProps {
  text: string;
  action: { text: string; onPress: () => void } | null;
}

export function Toast({ text, action }: ToastProps) {
  return (
    <div class="toast" role="status">
      <span class="toast-text">{text}</span>
      {action && (
        <Button onPress={action.onPress} testid="toast-action">
          {action.text}
        </Button>
      )}
    </div>
  );
}
