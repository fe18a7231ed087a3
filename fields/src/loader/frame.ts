import { randomName } from '../random.ts';
import { type Role, readHello } from '../wire.ts';

/** What all frames of one `PayOS()` have in common. */
export type Origin = { vault: string; key: string; locale: string };

export type FrameEvents = {
  /** There is a document of the vault in it, and this is the only way to it. Again after a move. */
  open: (port: MessagePort) => void;
  /** It cannot be used. */
  refused: (code: string) => void;
};

/** From the load of a document to its first word. */
const helloMs = 3_000;

/**
 * An iframe with a document of the vault. Believed is only what comes from its window, from the
 * vault's origin, with the name that was made for this frame.
 */
export function createFrame(
  { vault, key, locale }: Origin,
  role: Role,
  group: string,
  title: string,
  events: FrameEvents,
) {
  const nonce = randomName();
  const element = document.createElement('iframe');
  const query = new URLSearchParams({ key, origin: window.location.origin });
  const fragment = new URLSearchParams({ role, group, nonce, locale });
  element.src = `${vault}/fields/v${__VERSION__}/frame?${query}#${fragment}`;
  element.title = title;
  element.referrerPolicy = 'no-referrer';
  element.allow = "camera 'none'; microphone 'none'; geolocation 'none'; payment 'none'";
  let heard = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const hear = ({ source, origin, data, ports }: MessageEvent) => {
    if (source === null || source !== element.contentWindow || origin !== vault) return;
    const hello = readHello(data);
    if (hello?.nonce !== nonce) return;
    clearTimeout(timer);
    heard = true;
    if (hello.payos === 'refused') return events.refused(hello.code);
    const [port] = ports;
    if (port !== undefined) events.open(port);
  };
  window.addEventListener('message', hear);
  // A document that the browser will not show here loads, too, and says nothing.
  element.addEventListener('load', () => {
    if (!heard) timer = setTimeout(() => events.refused('frame_silent'), helloMs);
    heard = false;
  });

  return {
    element,
    remove: () => {
      clearTimeout(timer);
      window.removeEventListener('message', hear);
      element.remove();
    },
  };
}

export type Frame = ReturnType<typeof createFrame>;
