import { type ReactNode, useState } from 'react';
import { Button, Checkbox, CopyButton, Notice } from '../ui/index.ts';

type Props = {
  codes: readonly string[];
  /** Whose they are: stands in the file. */
  email: string;
  onDone: () => void;
};

/** Recovery codes, shown once: goes on when the person says that they are saved. */
export function RecoveryCodeList({ codes, email, onDone }: Props): ReactNode {
  const [saved, setSaved] = useState(false);
  const text = `${codes.join('\n')}\n`;
  return (
    <div className="grid gap-4">
      <Notice tone="warn" title="They are shown only now">
        <p>
          Without your other factors, one of these and your password let you in. Each works once.
          Keep them where you keep your passwords, or on paper.
        </p>
      </Notice>
      <ul className="code-grid">
        {codes.map((code) => (
          <li key={code} className="text-center whitespace-nowrap">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} label="Copy the recovery codes" shown="Copy" />
        <Button
          size="small"
          icon="download"
          onClick={() => download('payos-recovery-codes.txt', fileOf(email, text))}
        >
          Download
        </Button>
      </div>
      <Checkbox
        label="I have saved my recovery codes"
        checked={saved}
        onChange={(event) => setSaved(event.target.checked)}
      />
      <Button look="primary" wide disabled={!saved} onClick={onDone}>
        Continue
      </Button>
    </div>
  );
}

const fileOf = (email: string, text: string) =>
  `Recovery codes of ${email} at ${location.host}\nEach works once.\n\n${text}`;

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
