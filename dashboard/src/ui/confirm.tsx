import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import { Form } from './form.tsx';

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, and what cannot be taken back. */
  children: ReactNode;
  /** The act, as a verb: "Disable Ada". */
  action: string;
  /** Must be typed before it goes on: the name of what is lost. */
  typed?: string;
  /** The button that does not do it. Default: Cancel. */
  dismiss?: string;
  danger?: boolean;
  onConfirm: () => Promise<unknown>;
};

/** Asks before something is done; what cannot be undone is asked for by name. */
export function ConfirmDialog(props: Props): ReactNode {
  const { open, onClose, title, children, action, typed, danger = true, onConfirm } = props;
  const { dismiss = 'Cancel' } = props;
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <Asking {...{ action, danger, dismiss, onClose, onConfirm }} {...(typed ? { typed } : {})}>
        {children}
      </Asking>
    </Dialog>
  );
}

type AskingProps = Pick<
  Props,
  'children' | 'action' | 'typed' | 'danger' | 'dismiss' | 'onClose' | 'onConfirm'
>;

function Asking(props: AskingProps): ReactNode {
  const { children, action, typed, danger, dismiss, onClose, onConfirm } = props;
  const [text, setText] = useState('');
  const confirm = async () => {
    await onConfirm();
    onClose();
  };
  return (
    <Form
      onSubmit={confirm}
      submit={action}
      look={danger ? 'danger' : 'primary'}
      disabled={typed !== undefined && text.trim() !== typed}
      actions={<Button onClick={onClose}>{dismiss}</Button>}
    >
      <div className="grid gap-2">{children}</div>
      {typed !== undefined && (
        <TextField
          label={
            <>
              Type <code className="rounded-sm bg-sunken px-1 select-all">{typed}</code> to confirm
            </>
          }
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      )}
    </Form>
  );
}
