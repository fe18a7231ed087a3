import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';

type Props = {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  size?: 'normal' | 'wide';
  /** From the right edge, over the whole height. */
  drawer?: boolean;
};

/** A native modal dialog: the browser keeps the focus inside, and brings it back afterwards. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  size = 'normal',
  drawer = false,
}: Props): ReactNode {
  const id = useId();
  const ref = useModal(open);
  if (!open) return null;
  return (
    <dialog
      ref={ref}
      tabIndex={-1}
      className={drawer ? 'drawer' : 'dialog'}
      data-size={size}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={onClose}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="x" label="Close" size="small" onClick={onClose} />
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

const field = ':is(input, select, textarea):not([hidden], :disabled, [readonly])';

/**
 * Opens the dialog it is put on as soon as it is there. The focus goes to its first field, or to
 * what is marked with `data-focus-first`; else to the dialog itself, so that Enter does nothing.
 */
export function useModal(open: boolean) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!open || dialog === null) return undefined;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector<HTMLElement>('[data-focus-first]');
    (first ?? dialog.querySelector<HTMLElement>(field) ?? dialog).focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      // What opened it may be gone with what it did: on from the heading then.
      else document.querySelector('h1')?.focus({ preventScroll: true });
    };
  }, [open]);
  return ref;
}
