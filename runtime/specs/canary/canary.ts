import { CANARY_OWNER } from "../../contracts/specs";
import { BugError } from "../../shared/errors";
import type { Log } from "../../shared/log";
import { errorKeyOf, folderOf, isPackageOf, specKeyOf, type SpecKey } from "../key";
import type { SpecObjectStore } from "../spec-object-store";

interface CanaryStep {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
  /** What the step saw, or why it failed. */
  readonly detail?: string;
}

/** The steps in order. After a step that failed, the only other step is the one that tidies up. */
export interface CanaryReport {
  readonly passed: boolean;
  readonly steps: readonly CanaryStep[];
}

export interface CanaryPorts {
  readonly objects: Pick<SpecObjectStore, "list" | "read" | "put" | "remove">;
  /** Whether the package index lists the version. */
  isListed(spec: SpecKey): Promise<boolean>;
  /** Installs the package from the index into a new folder, uses a model of it, and answers what that printed. */
  installAndUse(spec: SpecKey): Promise<string>;
  readonly log: Log;
  now(): Date;
  pause(milliseconds: number): Promise<void>;
}

const SPEC_ID = "strata_canary";
/** What the package's model prints. */
export const CANARY_OUTPUT = '{"id": 1, "name": "Tweety"}';

const POLL_MILLISECONDS = 1000;
/** Enough for a build with one or two retries. */
const MAX_WAIT_MILLISECONDS = 150_000;
/** An older object is left over from a canary that crashed. */
const LEFTOVER_MILLISECONDS = 3_600_000;

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

/** Does what a user does: uploads a spec, uses its package, removes the spec. It leaves nothing behind. */
export async function runCanary(ports: CanaryPorts): Promise<CanaryReport> {
  const spec = { owner: CANARY_OWNER, specId: SPEC_ID, version: `1.${String(ports.now().getTime())}` };
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
    // Whatever is left after this step, the next canary removes.
    await step("tidy up", () => tidyUp(spec, ports)).catch(() => undefined);
  }
  return { passed: steps.every(({ ok }) => ok), steps };
}

async function removeLeftovers(ports: CanaryPorts): Promise<string> {
  const before = ports.now().getTime() - LEFTOVER_MILLISECONDS;
  const all = await ports.objects.list(`${CANARY_OWNER}/`);
  const old = all.filter(({ modifiedAt }) => modifiedAt.getTime() < before).map(({ key }) => key);
  await ports.objects.remove(old);
  return `${String(old.length)} objects`;
}

async function upload(spec: SpecKey, { objects }: CanaryPorts): Promise<string> {
  const key = specKeyOf(spec);
  await objects.put({ key, body: JSON.stringify(SPEC), contentType: "application/json" });
  return key;
}

async function awaitPackage(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  return eventually("No package came", ports, async () => {
    const found = await objectsOf(spec, ports);
    const note = found.find(({ key }) => key === errorKeyOf(spec));
    if (note !== undefined) {
      const reason = (await ports.objects.read(note.key, note.etag)) ?? "the note is gone";
      throw new BugError(`The spec was refused: ${reason}`);
    }
    const files = found.filter(({ key }) => key !== specKeyOf(spec));
    return files.length > 0 && (await ports.isListed(spec)) ? `${String(files.length)} files` : undefined;
  });
}

async function use(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  const printed = (await ports.installAndUse(spec)).trim();
  if (printed !== CANARY_OUTPUT) {
    throw new BugError(`The model printed "${printed}" instead of ${CANARY_OUTPUT}.`);
  }
  return printed;
}

async function removeSpec(spec: SpecKey, { objects }: CanaryPorts): Promise<string> {
  await objects.remove([specKeyOf(spec)]);
  return specKeyOf(spec);
}

async function awaitRemoval(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  return eventually("The package is still there", ports, async () => {
    const left = await objectsOf(spec, ports);
    return left.length === 0 && !(await ports.isListed(spec)) ? "nothing left" : undefined;
  });
}

/** Removes the spec first: a late event must not find it. */
async function tidyUp(spec: SpecKey, ports: CanaryPorts): Promise<string> {
  await removeSpec(spec, ports);
  const keys = (await objectsOf(spec, ports)).map(({ key }) => key);
  await ports.objects.remove(keys);
  return `${String(keys.length)} more objects`;
}

/** All objects of exactly this version. */
async function objectsOf(spec: SpecKey, { objects }: CanaryPorts) {
  const own = [specKeyOf(spec), errorKeyOf(spec)];
  const prefix = folderOf(spec);
  const isOwn = (key: string) => own.includes(key) || isPackageOf(key.slice(prefix.length), spec);
  return (await objects.list(prefix)).filter(({ key }) => isOwn(key));
}

/** Looks again and again until there is an answer. */
async function eventually(
  otherwise: string,
  ports: CanaryPorts,
  look: () => Promise<string | undefined>,
): Promise<string> {
  for (const end = ports.now().getTime() + MAX_WAIT_MILLISECONDS; ; await ports.pause(POLL_MILLISECONDS)) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (ports.now().getTime() >= end) {
      throw new BugError(`${otherwise} within ${String(MAX_WAIT_MILLISECONDS / 1000)} s.`);
    }
  }
}
