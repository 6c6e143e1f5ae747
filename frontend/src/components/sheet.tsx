import './sheet.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './button';

export interface SheetProps {
  label: string;
  closeLabel: string;
  small?: boolean;
  /** True for a question that must be answered: no close button, Escape means no. */
  asking?: boolean;
  testid?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal sheet on the browser's own dialog: focus stays inside, Escape and a tap beside it close it. */
export function Sheet({ label, closeLabel, small, asking, testid, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={small ? 'sheet sheet-small' : 'sheet'}
      aria-label={label}
      role={asking ? 'alertdialog' : undefined}
      data-testid={testid}
      onCancel={(event) => {
        event.preventDefault(); // the owner decides; the element goes when its state does
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {!asking && (
        <div class="sheet-close">
          <Button icon="close" label={closeLabel} onPress={onClose} />
        </div>
      )}
      <div class="sheet-scroll">{children}</div>
    </dialog>
  );
}
