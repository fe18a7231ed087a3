import { now } from '../clock.ts';

/** When the session ends: by this browser's clock, whatever it shows. */
export type Deadlines = { idleMs: number; endMs: number };

let allowance: number | undefined;
let deadlines: Deadlines | undefined;
let lastUse = 0;

/**
 * Follows when the session will end: a session object says it, every other answer to something a
 * person did moves the idle end.
 */
export function noteUse(answer: unknown, date: string | null, background: boolean): void {
  const at = now();
  const ends = sessionEnds(answer);
  if (ends !== undefined) {
    const serverNow = date === null ? at : Date.parse(date);
    const left = ends.idleMs - serverNow;
    // After a use the whole allowance is left; what is read in the background is no use.
    allowance = background ? Math.max(allowance ?? 0, left) : left;
    deadlines = { idleMs: at + left, endMs: at + ends.endMs - serverNow };
    if (!background) lastUse = at;
  } else if (!background && allowance !== undefined && deadlines !== undefined) {
    deadlines = { ...deadlines, idleMs: at + allowance };
    lastUse = at;
  }
}

function sessionEnds(answer: unknown): Deadlines | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { object, idle_expires_at: idle, expires_at: end } = answer as Record<string, unknown>;
  if (object !== 'session' || typeof idle !== 'string' || typeof end !== 'string') return undefined;
  return { idleMs: Date.parse(idle), endMs: Date.parse(end) };
}

export const sessionDeadlines = (): Deadlines | undefined => deadlines;

/** When PayOS was last asked for something by hand. */
export const lastUseMs = (): number => lastUse;
