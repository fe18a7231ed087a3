import { useEffect, useState } from 'react';

/** After the last key: a preview is for what was typed, not for each letter. */
const pauseMs = 350;

/** A text once it has not changed for a moment. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
