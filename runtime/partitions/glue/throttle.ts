import pLimit from "p-limit";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds to wait after the first call that was throttled, and at most. */
const FIRST_BACK_OFF = 200;
const LONGEST_BACK_OFF = 20_000;

/** Calls that write to a table at the same time. Glue throttles an account, so more of them would only wait. */
export const WRITES_AT_ONCE = 10;

/** What a pace needs of the world; tests put their own in its place. */
export interface Clock {
  pause(milliseconds: number): Promise<unknown>;
  /** From 0 to 1. */
  random(): number;
}

/**
 * How fast a table's calls may go, shared by all of them: so many at once, and once AWS is busy all of them wait, longer each
 * time that it still is, shorter again as calls succeed. The wait is spread at random, so that they don't come back together.
 */
export class Pace {
  private backOff = 0;
  private readonly limit: ReturnType<typeof pLimit>;

  constructor(
    callsAtOnce: number,
    private readonly clock: Clock = { pause: sleep, random: Math.random },
  ) {
    this.limit = pLimit(callsAtOnce);
  }

  /** Runs a call when it is its turn. `isBusy` tells of its answer whether AWS was. */
  async run<T>(call: () => Promise<T>, isBusy: (answer: T) => boolean): Promise<T> {
    return this.limit(async () => {
      const waited = this.backOff;
      if (waited > 0) await this.clock.pause(waited * (0.5 + this.clock.random() / 2));
      const answer = await call();
      // Calls that went out together tell of the same moment: only the first of them changes the pace.
      if (this.backOff === waited) this.backOff = isBusy(answer) ? longer(waited) : shorter(waited);
      return answer;
    });
  }
}

const longer = (wait: number): number => Math.min(Math.max(wait * 2, FIRST_BACK_OFF), LONGEST_BACK_OFF);
const shorter = (wait: number): number => (wait > FIRST_BACK_OFF ? wait / 2 : 0);
