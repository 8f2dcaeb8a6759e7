import { randomUUID } from "node:crypto";
import { UpstreamError } from "../errors";
import { tookPlace } from "./conditions";
import { leaseEntity } from "./lease-entity";
import type { Table } from "./open-table";

/** Something that is held: nobody else works on it. */
export interface Lease {
  /** Whether the holder before died or failed: whoever asked that one for it still relies on somebody looking. */
  readonly inherited: boolean;
  /**
   * Gives it back, unless somebody asked for it since it was taken. Then it answers false, it is still held, and its holder
   * must look again: whoever asked has gone, and relies on that.
   */
  release(): Promise<boolean>;
  /** Lets it go after a failure. Whoever takes it next inherits it. */
  abandon(): Promise<void>;
}

/** Sees to it that one function at a time works on something that has a name. */
export interface Leases {
  /**
   * Takes the lease of that name, or leaves a mark with its holder and answers undefined. The same owner may take it again:
   * it is the retry of an invocation that died.
   */
  take(name: string, owner: string): Promise<Lease | undefined>;
}

/** No function runs longer (15 minutes), so no holder outlives its lease. Source: Lambda quotas. */
const LEASE_MILLISECONDS = 15 * 60_000;
/** The table's time to live tidies up after holders that died; being late with it does no harm. */
const TIDY_SECONDS = 24 * 3600;
/** Between a take that fails and the mark, the holder may be gone, and somebody else there. */
const ATTEMPTS = 5;

/** Leases over the table. */
export function openLeases(table: Table, now: () => Date): Leases {
  const lease = leaseEntity(table);
  const put = async (name: string, owner: string, token: string): Promise<Lease | undefined> => {
    const time = now().getTime();
    const expires = Math.floor(time / 1000) + TIDY_SECONDS;
    let inherited = false;
    const taken = await tookPlace(async () => {
      const { data: before } = await lease
        .put({ name, owner, token, until: time + LEASE_MILLISECONDS, asked: false, expires })
        .where(
          (is, { notExists, lt, eq }) =>
            `${notExists(is.owner)} OR ${lt(is.until, time)} OR ${eq(is.owner, owner)}`,
        )
        .go({ response: "all_old" });
      inherited = before !== null && before.owner !== undefined;
    });
    return taken ? held(name, token, inherited) : undefined;
  };
  const ask = async (name: string): Promise<boolean> =>
    tookPlace(() =>
      lease
        .patch({ name })
        .set({ asked: true })
        .where((is, { gte }) => gte(is.until, now().getTime()))
        .go(),
    );
  const held = (name: string, token: string, inherited: boolean): Lease => {
    const remove = () =>
      tookPlace(() =>
        lease
          .delete({ name })
          .where((is, { eq }) => `${eq(is.token, token)} AND ${eq(is.asked, false)}`)
          .go(),
      );
    const unmark = () =>
      tookPlace(() =>
        lease
          .patch({ name })
          .set({ asked: false })
          .where((is, { eq }) => eq(is.token, token))
          .go(),
      );
    return {
      inherited,
      // Who lost it by time has nothing to give back, and nobody relies on them.
      release: async () => (await remove()) || !(await unmark()),
      abandon: async () => {
        await tookPlace(() =>
          lease
            .patch({ name })
            .set({ until: 0 })
            .where((is, { eq }) => eq(is.token, token))
            .go(),
        );
      },
    };
  };
  return {
    take: async (name, owner) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const taken = await put(name, owner, randomUUID());
        if (taken !== undefined) return taken;
        if (await ask(name)) return undefined;
      }
      throw new UpstreamError(`The lease of ${name} changes hands too fast; try again later.`);
    },
  };
}

/**
 * Runs `work` while holding the lease, again for whoever asked meanwhile. Answers undefined, without having run it, if
 * somebody else holds it. `asked` tells the work that it is also for others, not only for who called.
 */
export async function underLease<T>(
  leases: Leases,
  { name, owner }: { readonly name: string; readonly owner: string },
  work: (asked: boolean) => Promise<T>,
): Promise<T | undefined> {
  const lease = await leases.take(name, owner);
  if (lease === undefined) return undefined;
  try {
    for (let asked = lease.inherited; ; asked = true) {
      const result = await work(asked);
      if (await lease.release()) return result;
    }
  } catch (error) {
    // What went wrong first is what counts; a lease that can't be given back runs out by itself.
    await lease.abandon().catch(() => undefined);
    throw error;
  }
}
