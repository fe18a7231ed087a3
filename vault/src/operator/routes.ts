import type { Static, TSchema } from 'typebox';
import { bodyChecker } from '../core/check.ts';
import type { Db } from '../core/db.ts';
import type { Handler, Routes } from '../core/listener.ts';
import type { Log } from '../core/log.ts';
import { Refusal } from '../core/problem.ts';
import { readJsonBody } from '../core/read-body.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { KeyProvider } from '../seal/key-provider.ts';
import { KeyServiceFailed } from '../seal/key-service.ts';
import { type AssessedSettings, assess } from './assess.ts';
import { takeCensus } from './census.ts';
import { destroyKey, restoreKey, retireKey } from './end-key.ts';
import { findKeys } from './find-keys.ts';
import { moveRecords } from './move-records.ts';
import { beginRotation, finishRotation } from './rotate.ts';
import {
  AboutKey,
  Assess,
  BeginRotation,
  DestroyKey,
  FinishRotation,
  GiveShare,
  MoveRecords,
  Nothing,
  SealKeyring,
  SplitKeyring,
  Which,
} from './schemas.ts';
import { sealKeyring, splitKeyring } from './split-keyring.ts';
import type { Unsealing } from './unsealing.ts';

export type OperatorDeps = {
  db: Db;
  keks: KekStore;
  provider: KeyProvider;
  log: Log;
  unsealing: Unsealing;
  /** How long a key has to be retired before it can be destroyed, in milliseconds. */
  destroyWaitMs: number;
  settings: AssessedSettings;
};

const limits = { size: 64 * 1024, timeoutMs: 10_000 };

/** What the operator may ask, over a Unix socket that only the user of the vault can open. */
export function operatorRoutes(deps: OperatorDeps): Routes {
  const { db } = deps;
  return {
    '/livez': { GET: async () => ({ status: 200, body: { status: 'live' } }) },
    '/assessment': verb(Assess, (asked) => assess(deps, deps.settings, asked)),
    '/custody/status': verb(Nothing, async () => deps.unsealing.status()),
    '/custody/unseal': verb(GiveShare, (asked) =>
      deps.unsealing.give(asked.custodian, asked.share),
    ),
    '/custody/split': verb(SplitKeyring, (asked) => splitKeyring(db, asked)),
    '/custody/seal': verb(SealKeyring, (asked) => sealKeyring(db, asked)),
    '/keys/list': verb(Which, async (which) => ({ data: await findKeys(db, which) })),
    '/keys/census': verb(Which, (which) => takeCensus(db, which)),
    '/keys/rotate': verb(BeginRotation, (asked) => beginRotation(deps, asked)),
    '/keys/move': verb(MoveRecords, (asked) => moveRecords(deps, asked)),
    '/keys/finish': verb(FinishRotation, (asked) => finishRotation(db, asked)),
    '/keys/retire': verb(AboutKey, (asked) => retireKey(db, asked)),
    '/keys/restore': verb(AboutKey, (asked) => restoreKey(db, asked)),
    '/keys/destroy': verb(DestroyKey, (asked) => destroyKey(db, asked, deps.destroyWaitMs)),
  };
}

function verb<T extends TSchema>(
  schema: T,
  work: (asked: Static<T>) => Promise<object>,
): { POST: Handler } {
  const check = bodyChecker(schema);
  return {
    POST: async ({ request, notes }) => {
      notes.actor = 'operator';
      const asked = check(await readJsonBody(request, limits));
      const body = await work(asked).catch((error: unknown) => {
        // Others are told no more than that it is not ready.
        if (!(error instanceof KeyServiceFailed)) throw error;
        throw new Refusal('unavailable', { detail: error.reason });
      });
      return { status: 200, body };
    },
  };
}
