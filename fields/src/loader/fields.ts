import type { FieldKind, Fields, FieldsOptions, TokenizeResult } from '../../payos.d.ts';
import { randomName } from '../random.ts';
import { kinds } from '../wire.ts';
import { createController } from './controller.ts';
import { MountedField } from './field.ts';
import type { Origin } from './frame.ts';
import { refusal } from './refusals.ts';
import { titleOf } from './titles.ts';

/** How long to wait for frames that are still loading when a token is asked for. */
const loadMs = 20_000;
const lookMs = 50;

/** One set of fields that make one token, with the controller that makes it. */
export function createFields(origin: Origin, { appearance }: FieldsOptions): Fields {
  const group = randomName();
  const members = new Set<MountedField>();
  const controller = createController(origin, group, () => {
    for (const member of members) member.meet();
  });
  let underWay: Promise<TokenizeResult> | undefined;

  function refuseKind(kind: FieldKind): void {
    const taken = [...members].map((member) => member.kind);
    if (!kinds.includes(kind)) throw new Error(`PayOS: there is no field '${String(kind)}'.`);
    if (taken.includes(kind)) throw new Error(`PayOS: there is a field '${kind}' already.`);
    if (taken.length > 0 && (kind === 'card' || taken.includes('card'))) {
      throw new Error("PayOS: 'card' has all parts of a card: create it alone.");
    }
  }

  async function tokenize(name: string | undefined): Promise<TokenizeResult> {
    const mounted = [...members].filter((member) => member.state().isMounted);
    const has = (kind: FieldKind) => mounted.some((member) => member.kind === kind);
    const isCode = mounted.length === 1 && has('cvc');
    if (!has('card') && !(has('number') && has('expiry')) && !isCode) {
      return { error: refusal('fields_missing') };
    }
    const failed = await whenReady(mounted);
    return failed === undefined ? controller.tokenize(name) : { error: refusal(failed) };
  }

  /** @returns why it will not be */
  async function whenReady(mounted: readonly MountedField[]): Promise<string | undefined> {
    controller.ensure();
    for (let waited = 0; waited < loadMs; waited += lookMs) {
      const states = mounted.map((member) => member.state());
      const failed = [...states, controller.state()].find((state) => state.failed !== undefined);
      if (failed !== undefined) return failed.failed;
      if (controller.state().isReady && states.every(({ joined }) => joined)) return undefined;
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    return 'frame_silent';
  }

  return {
    create(kind, options = {}) {
      refuseKind(kind);
      const host = {
        origin,
        group,
        title: (name: FieldKind) => titleOf(origin.locale, name),
        mounted: () => controller.ensure(),
        controllerReady: () => controller.state().isReady,
        destroyed: (member: MountedField) => void members.delete(member),
      };
      const looks = appearance === undefined ? {} : { appearance };
      const member = new MountedField(host, kind, { ...looks, ...options });
      members.add(member);
      return member;
    },
    tokenize({ name } = {}) {
      // Somebody who clicks twice wants one token.
      underWay ??= tokenize(name).finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    destroy() {
      for (const member of [...members]) member.destroy();
      controller.remove();
    },
  };
}
