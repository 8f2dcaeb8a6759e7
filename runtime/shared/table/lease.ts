import { createSchema, Entity } from "electrodb";
import { randomUUID } from "node:crypto";
import { UpstreamError } from "../errors";
import { expires, type Table } from "./open-table";
import { writeIf } from "./writes";

/** A lease that is held: its holder alone works on the thing that has its name. */
export interface Lease {
  /** True when the previous holder crashed or failed. Somebody may have asked that holder to work again. */
  readonly inherited: boolean;
  /**
   * Gives the lease back. If somebody else asked for it meanwhile, it stays held and the answer is false. The holder must then
   * work again: the one who asked did not wait.
   */
  release(): Promise<boolean>;
  /** Gives the lease up after a failure. The next one who takes it inherits it. */
  abandon(): Promise<void>;
}

/** Makes sure that only one function at a time works on a thing that has a name. */
export interface Leases {
  /**
   * Takes the lease of that name. If somebody else holds it, the holder is asked to work again, and the answer is undefined.
   * The same owner may take a lease twice: then it is the retry of an invocation that crashed.
   */
  take(name: string, owner: string): Promise<Lease | undefined>;
}

/** No function runs longer than 15 minutes, so a lease always outlasts its holder. Source: Lambda quotas. */
const LEASE_MILLISECONDS = 15 * 60_000;
/** The table's time to live removes leases of holders that crashed. It may be late; that does no harm. */
const EXPIRY_SECONDS = 24 * 3600;
/** The holder may give the lease back before it can be asked, and somebody else may take it. Then taking starts again. */
const ATTEMPTS = 5;

/** Who holds a lease at the moment: one item for each name. */
const leaseSchema = createSchema({
  model: { entity: "lease", version: "1", service: "strata" },
  attributes: {
    name: { type: "string", required: true },
    owner: { type: "string", required: true },
    /** A new one for each take, so that a holder whose lease ran out can't give back the lease of the next holder. */
    token: { type: "string", required: true },
    /** Milliseconds since 1970 after which anybody may take it. */
    until: { type: "number", required: true },
    /** Whether somebody else asked for it since it was taken, or since its holder last started to work. */
    asked: { type: "boolean", required: true },
    expires,
  },
  indexes: {
    byName: {
      pk: { field: "pk", composite: ["name"], casing: "none" },
      sk: { field: "sk", composite: [], casing: "none" },
    },
  },
});

/** The leases in the table. */
export const leaseEntity = (table: Table) => new Entity(leaseSchema, table);

/** Leases over the table. */
export function openLeases(table: Table, now: () => Date): Leases {
  const lease = leaseEntity(table);
  const put = async (name: string, owner: string, token: string): Promise<Lease | undefined> => {
    const time = now().getTime();
    const expires = Math.floor(time / 1000) + EXPIRY_SECONDS;
    let inherited = false;
    const taken = await writeIf(async () => {
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
    writeIf(() =>
      lease
        .patch({ name })
        .set({ asked: true })
        .where((is, { gte }) => gte(is.until, now().getTime()))
        .go(),
    );
  const held = (name: string, token: string, inherited: boolean): Lease => {
    const remove = () =>
      writeIf(() =>
        lease
          .delete({ name })
          .where((is, { eq }) => `${eq(is.token, token)} AND ${eq(is.asked, false)}`)
          .go(),
      );
    const unmark = () =>
      writeIf(() =>
        lease
          .patch({ name })
          .set({ asked: false })
          .where((is, { eq }) => eq(is.token, token))
          .go(),
      );
    return {
      inherited,
      // A holder whose lease ran out has nothing to give back, and nobody can have asked it.
      release: async () => (await remove()) || !(await unmark()),
      abandon: async () => {
        await writeIf(() =>
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
      throw new UpstreamError(`The lease of ${name} changes its holder too often. Try again later.`);
    },
  };
}

/**
 * Runs `work` while it holds the lease, and once more for each time that somebody asked meanwhile. If somebody else holds
 * the lease, it doesn't run `work` and answers undefined. `asked` is true when `work` runs for others, not only for the caller.
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
    // The first error is the one to throw. A lease that can't be given up runs out by itself.
    await lease.abandon().catch(() => undefined);
    throw error;
  }
}
