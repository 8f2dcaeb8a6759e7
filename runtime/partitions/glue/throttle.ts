import pLimit from "p-limit";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds to wait after the first call that AWS throttled, and at most. */
const FIRST_WAIT = 200;
const MAX_WAIT = 20_000;

/** Calls that write to a table at the same time. Glue throttles a whole account, so more calls would only wait longer. */
export const MAX_WRITES = 10;

/** What a throttle needs to wait; tests replace it. */
interface Clock {
  pause(milliseconds: number): Promise<unknown>;
  /** From 0 to 1. */
  random(): number;
}

/**
 * Limits the calls to a table: only some run at the same time, and after AWS was busy every call waits first. The wait becomes longer each
 * time that AWS is still busy, and shorter again as calls succeed. It is partly random, so that calls do not all continue at once.
 */
export class Throttle {
  private wait = 0;
  private readonly limit: ReturnType<typeof pLimit>;

  constructor(
    maxCalls: number,
    private readonly clock: Clock = { pause: sleep, random: Math.random },
  ) {
    this.limit = pLimit(maxCalls);
  }

  /** Runs a call when it may run. `isBusy` says whether its answer means that AWS was busy. */
  async run<T>(call: () => Promise<T>, isBusy: (answer: T) => boolean): Promise<T> {
    return this.limit(async () => {
      const waited = this.wait;
      if (waited > 0) await this.clock.pause(waited * (0.5 + this.clock.random() / 2));
      const answer = await call();
      // Calls that started together met the same conditions, so only the first of them changes the wait.
      if (this.wait === waited) this.wait = isBusy(answer) ? longer(waited) : shorter(waited);
      return answer;
    });
  }
}

const longer = (wait: number): number => Math.min(Math.max(wait * 2, FIRST_WAIT), MAX_WAIT);
const shorter = (wait: number): number => (wait > FIRST_WAIT ? wait / 2 : 0);
