import './notice.css';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

export interface NoticeProps {
  icon: IconName;
  title: string;
  text: string;
  testid?: string;
  /** What can be done about it. */
  children?: ComponentChildren;
}

/** An empty, waiting or declined state that says what is and what is possible. */
export function Notice({ icon, title, text, testid, children }: NoticeProps) {
  return (
    <div class="notice" data-testid={testid}>
      <span class="notice-art">
        <Icon name={icon} size="2.25rem" />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children !== undefined && <div class="notice-do">{children}</div>}
    </div>
  );
}
