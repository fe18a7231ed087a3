import { isBrand } from '../card/brand.ts';
import { partNames } from '../card/part.ts';
import { problemText, type Texts } from '../texts/texts.ts';
import { type Failure, type FromController, readToController } from '../wire.ts';
import { createToken } from './create-token.ts';
import { type Ask, awaitFields, type Reply, type Values } from './join.ts';
import { callParent } from './parent.ts';
import type { Place } from './place.ts';

/** How long a field of this page may take to hand over what it holds. */
const collectMs = 5_000;

type Member = { port: MessagePort; parts: readonly string[]; collect: () => Promise<Collected> };
type Collected = { values: Values; failure: Failure | undefined };

/** The hidden frame: collects what was typed from its siblings and turns it into a token. */
export function startController(place: Place, texts: Texts): void {
  const members = new Map<string, Member>();
  const tell = (role: string, ask: Ask) => members.get(role)?.port.postMessage(ask);
  awaitFields(place, (role, port) => {
    members.get(role)?.port.close();
    members.set(
      role,
      admit(role, port, (brand) => isBrand(brand) && tell('cvc', { type: 'brand', brand })),
    );
    tell(role, { type: 'welcome' });
  });

  async function tokenize(name: string | undefined): Promise<Omit<FromController, 'type' | 'id'>> {
    const fail = (error: Failure) => ({ token: undefined, error });
    const all = await Promise.all([...members.values()].map(({ collect }) => collect()));
    const failed = all.flatMap(({ failure }) => failure ?? []);
    const [first] = failed.sort((one, other) => rankOf(one) - rankOf(other));
    if (first !== undefined) return fail(first);
    const values: Values = Object.assign({}, ...all.map((one) => one.values));
    const isCode =
      values.cvc !== undefined && values.number === undefined && !members.has('expiry');
    const needed = isCode ? [] : (['number', 'expiry'] as const);
    const missing = needed.find((part) => values[part] === undefined);
    if (missing !== undefined) {
      const code = `missing_${missing}`;
      return fail({ code, message: problemText(texts, code), field: missing });
    }
    const { token, failure } = await createToken(place.key, values, name, texts);
    if (failure === undefined) return { token, error: undefined };
    const { field: part, code } = failure;
    if (part !== undefined) {
      for (const [role, { parts }] of members) {
        if (parts.includes(part)) tell(role, { type: 'refuse', part, code });
      }
    }
    return fail(failure);
  }

  const page = callParent(place);
  page.onmessage = async ({ data }) => {
    const asked = readToController(data);
    if (asked === undefined) return;
    const result = await tokenize(asked.name);
    page.postMessage({ type: 'result', id: asked.id, ...result } satisfies FromController);
  };
}

const rankOf = ({ field }: Failure) => (field === undefined ? 0 : partNames.indexOf(field));

function admit(role: string, port: MessagePort, onBrand: (brand: unknown) => void): Member {
  let asked = 0;
  const waiting = new Map<number, (collected: Collected) => void>();
  port.onmessage = ({ data }: MessageEvent<Reply>) => {
    if (data.type === 'brand') return onBrand(data.brand);
    waiting.get(data.id)?.({ values: data.values, failure: data.failure });
    waiting.delete(data.id);
  };
  const collect = () =>
    new Promise<Collected>((resolve) => {
      asked += 1;
      const id = asked;
      waiting.set(id, resolve);
      port.postMessage({ type: 'collect', id } satisfies Ask);
      // A frame that has left the page does not answer; what it held is missing then.
      setTimeout(() => resolve({ values: {}, failure: undefined }), collectMs);
    });
  return { port, parts: role === 'card' ? partNames : [role], collect };
}
