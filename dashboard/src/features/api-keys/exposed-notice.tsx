import type { ReactNode } from 'react';
import { DateTime, Notice } from '../../ui/index.ts';
import type { ApiKey } from './data.ts';

const how = {
  plain_http: 'It was sent over an unencrypted connection.',
  leak_report: 'A secret scanner found it where others can read it.',
  url: 'It was sent within a URL, which ends up in logs and histories.',
  browser: 'It was used by a page in a browser, where everybody can read it.',
} as const;

type Props = {
  apiKey: ApiKey;
  /** What to do about it. */
  children: ReactNode;
};

/** Says of a key that was exposed how, where and since when; nothing of others. */
export function ExposedNotice({ apiKey, children }: Props): ReactNode {
  const { exposed_at: at, exposed_how: way, exposed_where: where } = apiKey;
  if (at === null) return null;
  return (
    <Notice tone="danger" title="This key was exposed">
      <p>
        {way !== null && how[way]} Seen first <DateTime value={at} />. {children}
      </p>
      {where !== null && (
        <p className="wrap-anywhere">
          {way === 'leak_report' ? 'Found at:' : 'Came from:'} <code>{where}</code>
        </p>
      )}
    </Notice>
  );
}
