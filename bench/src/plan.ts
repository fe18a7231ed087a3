/** How long and how often to measure. */
export type Plan = {
  /** Each round measures every side once, one after the other, so that noise hits all of them. */
  rounds: number;
  sliceMs: number;
  /** Before the first round: compilers and caches get warm, nothing is counted. */
  warmUpMs: number;
  /** Requests under way at once. */
  concurrency: number;
  /** PAYOS_DB_POOL, and as many connections for the bare sides. */
  connections: number;
  /** Tokens made before the first payments; later rounds make as many as the last one needed. */
  tokensAtFirst: number;
  /** Payments that the reads go round. */
  paymentsToRead: number;
  /** API keys that are revoked while they are in use. */
  revocations: number;
  /** Refusals of each kind whose time is compared. */
  sideChannelRounds: number;
  /** Cards that a rotation moves. */
  cardsToRotate: number;
  /** Cards in the vaults that are compared. */
  storedCards: readonly number[];
  /** Events brought to each webhook endpoint per round. */
  eventsPerRound: number;
};

const sides = { concurrency: 32, connections: 10 };

/** The whole benchmark, under four minutes. */
export const fullPlan: Plan = {
  ...sides,
  rounds: 5,
  sliceMs: 2_000,
  warmUpMs: 4_000,
  tokensAtFirst: 4_000,
  paymentsToRead: 1_000,
  revocations: 1_000,
  sideChannelRounds: 5_000,
  cardsToRotate: 20_000,
  storedCards: [10_000, 1_000_000],
  eventsPerRound: 1_000,
};

/** A first impression, under forty seconds. */
export const quickPlan: Plan = {
  ...sides,
  rounds: 3,
  sliceMs: 400,
  warmUpMs: 500,
  tokensAtFirst: 600,
  paymentsToRead: 100,
  revocations: 200,
  sideChannelRounds: 1_000,
  cardsToRotate: 3_000,
  storedCards: [1_000, 30_000],
  eventsPerRound: 150,
};

/** Only whether everything works. */
export const tinyPlan: Plan = {
  concurrency: 4,
  connections: 2,
  rounds: 1,
  sliceMs: 100,
  warmUpMs: 50,
  tokensAtFirst: 20,
  paymentsToRead: 5,
  revocations: 5,
  sideChannelRounds: 10,
  cardsToRotate: 50,
  storedCards: [50, 100],
  eventsPerRound: 10,
};
