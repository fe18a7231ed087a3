import type { TokenizeResult } from '../../payos.d.ts';
import { readFromController, type ToController } from '../wire.ts';
import { createFrame, type Frame, type Origin } from './frame.ts';
import { refusal } from './refusals.ts';

/** Longer than the frame itself waits for the vault, twice. */
const answerMs = 70_000;

/** The hidden frame that makes tokens. The page asks it, and it asks its siblings. */
export function createController(origin: Origin, group: string, onOpen: () => void) {
  let frame: Frame | undefined;
  let port: MessagePort | undefined;
  let failed: string | undefined;
  let asked = 0;
  const waiting = new Map<number, (result: TokenizeResult) => void>();

  function answer(id: number, result: TokenizeResult): void {
    waiting.get(id)?.(result);
    waiting.delete(id);
  }

  function hear(data: unknown): void {
    const message = readFromController(data);
    if (message === undefined) return;
    const { id, token, error } = message;
    if (token !== undefined) answer(id, { token });
    else if (error !== undefined) answer(id, { error });
  }

  function open(opened: MessagePort): void {
    port = opened;
    failed = undefined;
    port.onmessage = ({ data }) => hear(data);
    // Whoever asked the one before will not be answered.
    for (const id of waiting.keys()) answer(id, { error: refusal('frame_moved') });
    onOpen();
  }

  return {
    /** Puts it into the page, again where the page has thrown it out. */
    ensure(): void {
      if (frame?.element.isConnected) return;
      frame?.remove();
      port = undefined;
      const refused = (code: string) => {
        failed = code;
      };
      frame = createFrame(origin, 'controller', group, 'PayOS', { open, refused });
      frame.element.style.display = 'none';
      frame.element.tabIndex = -1;
      frame.element.setAttribute('aria-hidden', 'true');
      document.body.append(frame.element);
    },
    state: () => ({ isReady: port !== undefined, failed }),
    tokenize(name: string | undefined): Promise<TokenizeResult> {
      return new Promise((resolve) => {
        asked += 1;
        const id = asked;
        waiting.set(id, resolve);
        port?.postMessage({ type: 'tokenize', id, name } satisfies ToController);
        setTimeout(() => answer(id, { error: refusal('frame_silent') }), answerMs);
      });
    },
    remove(): void {
      frame?.remove();
      port?.close();
      frame = port = undefined;
    },
  };
}
