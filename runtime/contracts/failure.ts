import { z } from "zod";

/** Why a target failed, in the words shown to the user. `internal` is ours to fix, all others the user's or the network's. */
export const FAILURE_KINDS = [
  "not-found",
  "no-wheel",
  "conflict",
  "hash",
  "import",
  "size",
  "network",
  "internal",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** What became of a target that could not be resolved or built. */
export const failureSchema = z.object({
  kind: z.enum(FAILURE_KINDS),
  /** One sentence that says what is wrong and what to do. */
  message: z.string().max(4000),
  /** The last lines the tool printed. */
  lastLines: z.array(z.string().max(500)).max(20),
});
export type Failure = z.infer<typeof failureSchema>;
