import './button.css';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

export interface ButtonProps {
  /** main: the one thing to do here; quiet: another; bare: in passing. */
  kind?: 'main' | 'quiet' | 'bare';
  icon?: IconName;
  /** For a button that shows only its icon. */
  label?: string;
  testid?: string;
  class?: string;
  disabled?: boolean;
  pressed?: boolean;
  onPress: (event: MouseEvent) => void;
  children?: ComponentChildren;
}

export function Button({
  kind = 'quiet',
  icon,
  label,
  testid,
  disabled,
  pressed,
  onPress,
  children,
  ...rest
}: ButtonProps) {
  const shape = children === undefined ? ' button-round' : '';
  return (
    <button
      type="button"
      class={`button button-${kind}${shape} ${rest.class ?? ''}`}
      aria-label={label}
      aria-pressed={pressed}
      data-testid={testid}
      disabled={disabled ?? false}
      onClick={onPress}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
