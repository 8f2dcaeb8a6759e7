import { BugError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import type { PackageBucket } from "../bucket";
import { errorKeyOf, isDistributionOf, folderOf, specKeyOf, type SpecKey } from "../key";

/** One thing that the canary tried. */
interface CanaryStep {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
  /** What was seen, or why it failed. */
  readonly detail?: string;
}

/** What the canary did, in order; it ends at the first step that failed, but for the one that tidies up. */
export interface CanaryReport {
  readonly passed: boolean;
  readonly steps: readonly CanaryStep[];
}

/** What the canary touches. */
export interface CanaryPorts {
  readonly bucket: Pick<PackageBucket, "list" | "read" | "put" | "remove">;
  /** Whether the index lists the version. */
  isListed(spec: SpecKey): Promise<boolean>;
  /** Installs the package from the index into a fresh folder, uses a model of it, and answers what that said. */
  tryOut(spec: SpecKey): Promise<string>;
  readonly log: Log;
  now(): Date;
  pause(milliseconds: number): Promise<void>;
}

/** The owner of all that the canary makes; nothing else may be under it. */
export const CANARY_SUB = "canary";
const SPEC_ID = "strata_canary";
/** What the model of the package says of itself. */
export const CANARY_SAYS = '{"id": 1, "name": "Tweety"}';

/** Milliseconds: between two looks, for a build with a retry or two, and after which what is left over is of a canary that died. */
const LOOK = 1000;
const PATIENCE = 150_000;
const LEFT_OVER = 3_600_000;

const SPEC = {
  openapi: "3.0.3",
  info: { title: "Canary", version: "0" },
  paths: {},
  components: {
    schemas: {
      Bird: {
        type: "object",
        "x-tablename": "bird",
        properties: { id: { type: "integer", "x-primary-key": true }, name: { type: "string" } },
      },
    },
  },
} as const;

/** Goes the way of a user: uploads a spec, uses its package, removes the spec, and leaves nothing behind. */
export async function flyCanary(ports: CanaryPorts): Promise<CanaryReport> {
  const spec = { owner: CANARY_SUB, specId: SPEC_ID, version: `1.${String(ports.now().getTime())}` };
  const steps: CanaryStep[] = [];
  const step = async (name: string, work: () => Promise<string>): Promise<void> => {
    const started = ports.now().getTime();
    const seconds = (): number => (ports.now().getTime() - started) / 1000;
    try {
      const detail = await work();
      steps.push({ name, seconds: seconds(), ok: true, detail });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      steps.push({ name, seconds: seconds(), ok: false, detail });
      throw error;
    }
  };
  try {
    await step("remove what earlier canaries left", () => removeLeftovers(ports));
    await step("upload a spec", () => upload(spec, ports));
    await step("wait for its package", () => awaitPackage(spec, ports));
    await step("install and use it", () => use(spec, ports));
    await step("remove the spec", () => removeSpec(spec, ports));
    await step("see the package gone", () => awaitRemoval(spec, ports));
  } catch (error) {
    ports.log.error("canary failed", { error });
    // What is left after that is for the next canary.
    await step("tidy up", () => tidyUp(spec, ports)).catch(() => undefined);
  }
  return { passed: steps.every(({ ok }) => ok), steps };
}

async function removeLeftovers(ports: CanaryPorts): Promise<string> {
  const { bucket } = ports;
  const before = ports.now().getTime() - LEFT_OVER;
  const objects = await bucket.list(`${CANARY_SUB}/`);
  const old = objects.filter(({ modifiedAt }) => modifiedAt.getTime() < before).map(({ key }) => key);
  await bucket.remove(old);
  return `${String(old.length)} objects`;
}

async function upload(spec: SpecKey, { bucket }: CanaryPorts): Promise<string> {
  const key = specKeyOf(spec);
  await bucket.put({ key, body: JSON.stringify(SPEC), contentType: "application/json" });
  return key;
}

async function awaitPackage(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  const { bucket } = ports;
  return eventually("No package came", ports, async () => {
    const objects = await objectsOf(spec, ports);
    const note = objects.find(({ key }) => key === errorKeyOf(spec));
    if (note !== undefined) {
      throw new BugError(
        `The spec was refused: ${(await bucket.read(note.key, note.etag)) ?? "the note is gone"}`,
      );
    }
    const files = objects.filter(({ key }) => key !== specKeyOf(spec));
    return files.length > 0 && (await ports.isListed(spec)) ? `${String(files.length)} files` : undefined;
  });
}

async function use(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  const said = (await ports.tryOut(spec)).trim();
  if (said !== CANARY_SAYS) throw new BugError(`The model said "${said}" instead of ${CANARY_SAYS}.`);
  return said;
}

async function removeSpec(spec: SpecKey, { bucket }: CanaryPorts): Promise<string> {
  await bucket.remove([specKeyOf(spec)]);
  return specKeyOf(spec);
}

async function awaitRemoval(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  return eventually("The package is still there", ports, async () => {
    const left = await objectsOf(spec, ports);
    return left.length === 0 && !(await ports.isListed(spec)) ? "nothing left" : undefined;
  });
}

/** The spec goes first: an event that comes late must not find it. */
async function tidyUp(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  await removeSpec(spec, ports);
  const keys = (await objectsOf(spec, ports)).map(({ key }) => key);
  await ports.bucket.remove(keys);
  return `${String(keys.length)} more objects`;
}

/** What there is of exactly this version. */
async function objectsOf(spec: SpecKey, { bucket }: CanaryPorts) {
  const own = [specKeyOf(spec), errorKeyOf(spec)];
  const prefix = folderOf(spec);
  const isOwn = (key: string) => own.includes(key) || isDistributionOf(key.slice(prefix.length), spec);
  return (await bucket.list(prefix)).filter(({ key }) => isOwn(key));
}

/** Looks until there is an answer, for as long as a build takes with all its retries. */
async function eventually(
  otherwise: string,
  ports: CanaryPorts,
  look: () => Promise<string | undefined>,
): Promise<string> {
  for (const end = ports.now().getTime() + PATIENCE; ; await ports.pause(LOOK)) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (ports.now().getTime() >= end) throw new BugError(`${otherwise} within ${String(PATIENCE / 1000)} s.`);
  }
}
