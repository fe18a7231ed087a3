import type { Sealer } from '../core/seal.ts';
import type { KeyPropagation } from '../keys/index.ts';

export type CardGateDependencies = {
  sealer: Sealer;
  propagating: Pick<KeyPropagation, 'awaitPropagation'>;
};
