import type { ReactNode } from 'react';
import { type IconName, icons } from './icons.ts';

export type { IconName };

type Props = {
  name: IconName;
  /** Edge in pixels. */
  size?: number;
};

/** A picture beside a text; it says nothing by itself. */
export function Icon({ name, size = 16 }: Props): ReactNode {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size < 20 ? 2 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
      focusable="false"
    >
      <path d={icons[name].join('')} />
    </svg>
  );
}
