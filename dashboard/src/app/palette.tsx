import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { mayGo } from '../shared/leave-guard.ts';
import { useModal } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { type Target, useTargets } from './palette-targets.ts';

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Goes anywhere by typing: pages by their names, an object by its id, the rest by searching. */
export function Palette(): ReactNode {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button type="button" className="palette-button" onClick={() => setOpen(true)}>
        <Icon name="search" />
        <span className="max-sm:sr-only">Search or go to …</span>
        <kbd className="max-md:hidden">{isApple ? '⌘' : 'Ctrl'} K</kbd>
      </button>
      {open && <PaletteDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function PaletteDialog({ onClose }: { onClose: () => void }): ReactNode {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const navigate = useNavigate();
  const ref = useModal(true);
  const list = useRef<HTMLDivElement>(null);
  const targets = useTargets(text);
  const chosen = Math.min(at, Math.max(0, targets.length - 1));
  const go = (target: Target | undefined) => {
    if (target === undefined) return;
    onClose();
    mayGo(() => void navigate(target.to));
  };
  const onKey = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') go(targets[chosen]);
    if (step === undefined || targets.length === 0) return;
    event.preventDefault();
    const next = (chosen + step + targets.length) % targets.length;
    setAt(next);
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <dialog
      ref={ref}
      tabIndex={-1}
      className="dialog palette"
      aria-label="Go to a page"
      onClose={onClose}
    >
      <input
        className="palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={targets.length === 0 ? undefined : `${id}-${chosen}`}
        aria-label="Page or id"
        placeholder="A page, an id, or what to search for …"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <Options {...{ id, list, targets, chosen, go }} onPoint={setAt} />
      <p role="status" className={targets.length === 0 ? 'quiet px-4 pb-4' : 'sr-only'}>
        {targets.length === 0 ? 'Nothing is called like that.' : `${targets.length} found`}
      </p>
    </dialog>
  );
}

type OptionsProps = {
  id: string;
  list: RefObject<HTMLDivElement | null>;
  targets: readonly Target[];
  chosen: number;
  go: (target: Target) => void;
  onPoint: (index: number) => void;
};

function Options({ id, list, targets, chosen, go, onPoint }: OptionsProps): ReactNode {
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label="Pages"
      className="max-h-80 overflow-auto p-1.5"
    >
      {targets.map((target, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the input
        <div
          key={target.to}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          data-highlighted={index === chosen || undefined}
          className="menu-item"
          onClick={() => go(target)}
          onPointerMove={() => onPoint(index)}
        >
          <Icon name={target.icon} />
          {target.label}
          {target.hint && <code className="quiet min-w-0 truncate">{target.hint}</code>}
        </div>
      ))}
    </div>
  );
}
