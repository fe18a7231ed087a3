import type { ComponentProps, ReactNode } from 'react';
import { Link, type To } from 'react-router';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import { Spinner } from './waiting.tsx';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger' | 'danger-plain';

type Look = {
  look?: ButtonLook;
  size?: 'small' | 'normal' | 'icon';
  icon?: IconName;
  /** As wide as its surroundings. */
  wide?: boolean;
};

type ButtonProps = Omit<ComponentProps<'button'>, 'type'> &
  Look & {
    type?: 'button' | 'submit';
    /** What it started is still going on: it turns, and cannot be pressed again. */
    busy?: boolean;
  };

export function Button({
  look = 'plain',
  size = 'normal',
  icon,
  wide,
  busy = false,
  type = 'button',
  className,
  children,
  disabled,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      className={cx('button', className)}
      data-look={look}
      data-size={size}
      data-wide={wide || undefined}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button with a picture only; `label` is its name, and shown by the browser on hover. */
export function IconButton({
  icon,
  label,
  look = 'quiet',
  size = 'icon',
  ...rest
}: Omit<ButtonProps, 'icon' | 'children'> & { icon: IconName; label: string }): ReactNode {
  return <Button {...rest} look={look} size={size} icon={icon} aria-label={label} title={label} />;
}

type LinkButtonProps = Omit<ComponentProps<typeof Link>, 'to'> & Look & { to: To };

/** Looks like a button, goes to another page. */
export function LinkButton({
  look = 'plain',
  size = 'normal',
  icon,
  wide,
  className,
  children,
  ...rest
}: LinkButtonProps): ReactNode {
  return (
    <Link
      {...rest}
      className={cx('button', className)}
      data-look={look}
      data-size={size}
      data-wide={wide || undefined}
    >
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}
