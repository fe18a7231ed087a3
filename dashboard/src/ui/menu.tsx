import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon, type IconName } from './icon.tsx';

/** A button that opens a list of acts; arrow keys, typing and Escape work as everywhere. */
export function Menu({
  trigger,
  children,
  align = 'end',
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
}): ReactNode {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="popup-layer" align={align} sideOffset={6}>
          <Base.Popup className="popup">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type ItemProps = {
  icon?: IconName;
  onSelect?: () => void;
  /** Goes to a page instead. */
  to?: string;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
};

export function MenuItem({ icon, onSelect, to, danger, disabled, children }: ItemProps): ReactNode {
  const inside = (
    <>
      {icon && <Icon name={icon} />}
      {children}
    </>
  );
  if (to !== undefined) {
    return (
      <Base.LinkItem className="menu-item" closeOnClick render={<Link to={to} />}>
        {inside}
      </Base.LinkItem>
    );
  }
  return (
    <Base.Item
      className="menu-item"
      data-danger={danger || undefined}
      disabled={disabled ?? false}
      onClick={onSelect}
    >
      {inside}
    </Base.Item>
  );
}

/** One of several that exclude each other. */
export function MenuChoices({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: string;
  options: readonly { value: string; label: string; icon?: IconName }[];
  onChoose: (value: string) => void;
}): ReactNode {
  return (
    <Base.RadioGroup value={value} onValueChange={(chosen) => onChoose(String(chosen))}>
      <Base.GroupLabel className="menu-label">{label}</Base.GroupLabel>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className="menu-item" closeOnClick>
          {option.icon && <Icon name={option.icon} />}
          <span className="min-w-0 flex-1 truncate">{option.label}</span>
          <Base.RadioItemIndicator>
            <Icon name="check" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export const MenuLine = (): ReactNode => <Base.Separator className="menu-line" />;
