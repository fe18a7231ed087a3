import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

type CardProps = {
  title?: ReactNode;
  text?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  foot?: ReactNode;
  /** Without room around the content: for tables. */
  flush?: boolean;
  /** Heading level of the title. */
  level?: 2 | 3;
  className?: string;
  children?: ReactNode;
};

export function Card(props: CardProps): ReactNode {
  const { title, text, actions, foot, flush = false, level = 2, className, children } = props;
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className={cx('card', className)}>
      {title !== undefined && (
        <header className="card-head">
          <div className="min-w-0">
            <Heading>{title}</Heading>
            {text !== undefined && <p>{text}</p>}
          </div>
          {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
      )}
      {children !== undefined && (flush ? children : <div className="card-body">{children}</div>)}
      {foot !== undefined && <footer className="card-foot">{foot}</footer>}
    </section>
  );
}

export type BadgeTone = 'neutral' | 'ok' | 'warn' | 'danger' | 'info' | 'accent' | 'test';

/** A state in a word; the picture says it to those who see no colours. */
export function Badge({
  tone = 'neutral',
  icon,
  children,
}: {
  tone?: BadgeTone;
  icon?: IconName;
  children: ReactNode;
}): ReactNode {
  return (
    <span className="badge" data-tone={tone}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

/** There is nothing yet: says why, and what to do next. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <Icon name={icon} size={22} />
      <h2>{title}</h2>
      {children !== undefined && <div className="quiet max-w-[min(34rem,100%)]">{children}</div>}
      {actions !== undefined && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

/** Names and values, e.g. of one object. Entries without a value are left out. */
export function Details({
  entries,
}: {
  entries: readonly (readonly [name: string, value: ReactNode] | undefined)[];
}): ReactNode {
  const shown = entries.filter((entry) => entry !== undefined);
  return (
    <dl className="details">
      {shown.map(([name, value]) => (
        <div key={name} className="contents">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
