import type { Claim } from './claim.ts';

/** Requests under way at once: in all, for one organization, for one endpoint. */
export const inFlightMax = 64;
export const organizationMax = 32;
export const endpointMax = 8;
/** Of them all, those to endpoints that have yet to prove themselves, or have failed lately. */
export const doubtfulMax = 32;
/** What an endpoint begins with. */
const firstCap = 2;
/**
 * Claims held for an endpoint while it answers well: under way, waiting for their turn, or done
 * and not yet on disk. As many may be sent twice when the process is killed.
 */
export const heldOfEndpointMax = 64;
/** Claims held at all. */
const heldMax = 512;
const claimMax = 200;
/** Endpoints whose behaviour is remembered. */
const lanesMax = 5_000;

type Lane = {
  readonly organization: string;
  readonly endpoint: string;
  /** Requests it may have under way now: doubled by a success, halved by a failure. */
  cap: number;
  inFlight: number;
  /** Finished, and not yet settled. */
  unsettled: number;
  waiting: Claim[];
};

const fresh = { cap: firstCap, inFlight: 0, unsettled: 0 };

/**
 * Decides whose turn it is. Endpoints take turns, and one that hangs or fails is soon down to one
 * request at a time, so that the others always find a free place.
 */
export class Lanes {
  /** All remembered, least recently used first. */
  readonly #lanes = new Map<string, Lane>();
  /** Those with something waiting, in the order of their turns. */
  readonly #turns = new Set<Lane>();
  readonly #byOrganization = new Map<string, number>();
  #inFlight = 0;
  #doubtful = 0;
  #waiting = 0;
  #unsettled = 0;

  /** How many more claims to take. */
  get room(): number {
    return Math.min(claimMax, heldMax - this.#inFlight - this.#waiting - this.#unsettled);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** What the next claim may take of each endpoint that is busy, and of any other. */
  get roomOf(): { room: Map<string, number>; roomOfOthers: number } {
    const room = new Map<string, number>();
    for (const lane of this.#lanes.values()) {
      const held = heldBy(lane);
      if (held === 0) continue;
      const most = lane.cap === endpointMax ? heldOfEndpointMax : lane.cap;
      room.set(lane.endpoint, Math.max(0, most - held));
    }
    return { room, roomOfOthers: firstCap };
  }

  add(claim: Claim): void {
    const lane = this.#laneOf(claim);
    lane.waiting.push(claim);
    this.#turns.add(lane);
    this.#waiting += 1;
  }

  /** The claim whose turn it is, counted as under way from now on. */
  next(): Claim | undefined {
    if (this.#inFlight >= inFlightMax) return undefined;
    for (const lane of this.#turns) {
      if (!this.#mayStart(lane)) continue;
      const claim = lane.waiting.shift();
      this.#turns.delete(lane);
      if (claim === undefined) continue;
      if (lane.waiting.length > 0) this.#turns.add(lane);
      this.#waiting -= 1;
      this.#count(lane, 1);
      return claim;
    }
    return undefined;
  }

  /** To be called once for each claim that {@link next} gave out. */
  finished(claim: Claim, ok: boolean | undefined): void {
    const lane = this.#laneOf(claim);
    this.#count(lane, -1);
    lane.unsettled += 1;
    this.#unsettled += 1;
    if (ok === undefined) return;
    const before = isDoubtful(lane);
    lane.cap = ok ? Math.min(endpointMax, lane.cap * 2) : Math.max(1, Math.floor(lane.cap / 2));
    if (isDoubtful(lane) === before) return;
    this.#doubtful += before ? -lane.inFlight : lane.inFlight;
  }

  /** To be called once for each claim that {@link finished} was told of, when it is on disk. */
  settled(claim: Claim): void {
    this.#laneOf(claim).unsettled -= 1;
    this.#unsettled -= 1;
  }

  /** Empties all lanes. @returns what was waiting there */
  clear(): Claim[] {
    const left = [...this.#turns].flatMap((lane) => lane.waiting.splice(0));
    this.#turns.clear();
    this.#waiting = 0;
    return left;
  }

  #mayStart(lane: Lane): boolean {
    if (lane.inFlight >= lane.cap) return false;
    if (isDoubtful(lane) && this.#doubtful >= doubtfulMax) return false;
    return (this.#byOrganization.get(lane.organization) ?? 0) < organizationMax;
  }

  #count(lane: Lane, change: 1 | -1): void {
    lane.inFlight += change;
    this.#inFlight += change;
    if (isDoubtful(lane)) this.#doubtful += change;
    const count = (this.#byOrganization.get(lane.organization) ?? 0) + change;
    if (count === 0) this.#byOrganization.delete(lane.organization);
    else this.#byOrganization.set(lane.organization, count);
  }

  #laneOf({ organization, endpoint }: Claim): Lane {
    const known = this.#lanes.get(endpoint);
    const lane = known ?? { organization, endpoint, ...fresh, waiting: [] };
    this.#lanes.delete(endpoint);
    this.#lanes.set(endpoint, lane);
    if (this.#lanes.size > lanesMax) this.#forgetOne();
    return lane;
  }

  #forgetOne(): void {
    for (const lane of this.#lanes.values()) {
      if (heldBy(lane) > 0) continue;
      this.#lanes.delete(lane.endpoint);
      return;
    }
  }
}

function heldBy(lane: Lane): number {
  return lane.inFlight + lane.unsettled + lane.waiting.length;
}

function isDoubtful(lane: Lane): boolean {
  return lane.cap < endpointMax;
}
