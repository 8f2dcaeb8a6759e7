/** The provider: what is the same for every type of resource. */
import { type CheckFailure, type Provider } from "@pulumi/pulumi/provider";
import { contexts, type Context } from "./clients";
import { diffInputs } from "./diff";
import { AUTONAMED, withName } from "./naming";
import { type AnyResourceType, type ResourceTypes } from "./resource-type";
import { type Bag, isBag, plainBag, without } from "./values";

/** Answers a function of the provider, such as `aws:index/getRegion:getRegion`. */
export type Invoke = (args: Bag, context: Context) => Promise<Bag>;

export interface ProviderOptions {
  readonly types: ResourceTypes;
  readonly invokes: Readonly<Record<string, Invoke>>;
  /** The emulator's address. Without one, only previews work. */
  readonly endpoint: string | undefined;
  /** Region of resources that name none. */
  readonly region: string;
  readonly version: string;
}

/** Where the inputs are kept among the outputs: the engine shows `diff` and `delete` nothing else. */
const INPUTS = "__inputs";

/** A provider that performs each resource of `types` on the emulator. */
export function createProvider(options: ProviderOptions): Provider {
  const contextOf = contexts(options.endpoint ?? "");
  const contextFor = (inputs: Bag): Context => {
    if (options.endpoint === undefined) {
      throw new Error(
        "No emulator runs, so only a preview is possible. Start the platform first: ./strata start",
      );
    }
    return contextOf(typeof inputs["region"] === "string" ? inputs["region"] : options.region);
  };
  const typeOf = (urn: string): AnyResourceType => findType(options.types, tokenOf(urn));

  /** Raw inputs keep their secrets marked, so that they stay secret in the state. */
  const outputsOf = async (type: AnyResourceType, id: string, raw: Bag): Promise<Bag | undefined> => {
    const inputs = inputsOf(raw);
    const context = contextFor(inputs);
    const described = await type.describe(id, inputs, context);
    if (described === undefined) return undefined;
    const tags = raw["tags"] === undefined ? {} : { tagsAll: raw["tags"] };
    return {
      ...without(defined(raw), AUTONAMED),
      ...tags,
      region: context.region,
      ...defined(described),
      [INPUTS]: raw,
    };
  };

  return {
    version: options.version,
    async check(urn, olds: Bag | undefined, news: Bag) {
      const type = typeOf(urn);
      const inputs = defined(news);
      const named =
        type.naming === undefined ? inputs : withName(type.naming, nameOf(urn), inputs, olds ?? {});
      return Promise.resolve({ inputs: named, failures: refusals(type, tokenOf(urn), inputs) });
    },
    async diff(_id, urn, olds: Bag, news: Bag) {
      return Promise.resolve(diffInputs(typeOf(urn), plainBag(inputsIn(olds)), plainBag(news)));
    },
    async create(urn, raw: Bag) {
      const type = typeOf(urn);
      const inputs = inputsOf(raw);
      const id = await explain(urn, () => type.create(inputs, contextFor(inputs)));
      const outs = await explain(urn, () => outputsOf(type, id, raw));
      if (outs === undefined) throw new Error(`${urn} vanished right after it was created.`);
      return { id, outs };
    },
    async read(id, urn, props: Bag | undefined) {
      const raw = inputsIn(props ?? {});
      const outs = await explain(urn, () => unlessGone(() => outputsOf(typeOf(urn), id, raw)));
      return outs === undefined ? { id: "", props: {}, inputs: {} } : { id, props: outs, inputs: raw };
    },
    async update(id, urn, olds: Bag, raw: Bag) {
      const type = typeOf(urn);
      const inputs = inputsOf(raw);
      const update = type.update;
      if (update === undefined) throw new Error(`${tokenOf(urn)} can't be updated in place.`);
      await explain(urn, () => update(id, inputs, inputsOf(inputsIn(olds)), contextFor(inputs)));
      const outs = await explain(urn, () => outputsOf(type, id, raw));
      if (outs === undefined)
        throw new Error(`${urn} vanished while it was updated. Run the refresh of its stack.`);
      return { outs };
    },
    async delete(id, urn, props: Bag) {
      const inputs = inputsOf(inputsIn(props));
      await explain(urn, () => unlessGone(() => typeOf(urn).delete(id, inputs, contextFor(inputs))));
    },
    async invoke(token, args: Bag | undefined) {
      const invoke = options.invokes[token];
      if (invoke === undefined) {
        throw new Error(
          `The local provider doesn't know the function ${token}. Add it to local/provider/invokes.ts.`,
        );
      }
      const inputs = plainBag(args ?? {});
      const region = typeof inputs["region"] === "string" ? inputs["region"] : options.region;
      return { outputs: await invoke(inputs, contextOf(region)) };
    },
  };
}

function refusals(type: AnyResourceType, token: string, inputs: Bag): CheckFailure[] {
  const { takes } = type;
  if (takes === undefined) return [];
  return Object.keys(inputs)
    .filter((property) => !takes.includes(property) && !["region", "tags"].includes(property))
    .map((property) => ({
      property,
      reason: `The local provider doesn't do '${property}' of ${token}. Add it to local/provider/services/, or leave it out.`,
    }));
}

/** The type of a token, or an error that says where to add it. */
function findType(types: ResourceTypes, token: string): AnyResourceType {
  const type = types[token];
  if (type !== undefined) return type;
  const service = /^aws:(\w+)\//.exec(token)?.[1] ?? "index";
  throw new Error(
    `The local provider doesn't know the resource type ${token}. Add it to local/provider/services/${service}.ts.`,
  );
}

/** `aws:s3/bucket:Bucket` of a URN, whose type part also names the parents' types. */
function tokenOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function inputsIn(state: Bag): Bag {
  const inputs = state[INPUTS];
  return isBag(inputs) ? inputs : state;
}

/** The inputs as a type sees them: plain values, without our own mark. */
function inputsOf(raw: Bag): Bag {
  return without(plainBag(raw), AUTONAMED);
}

function defined(values: Bag): Bag {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** Names by which AWS services say that something doesn't exist. */
const GONE = /NotFound|NoSuch|NonExistent|DoesNotExist/;

function isGone(error: unknown): boolean {
  return error instanceof Error && GONE.test(error.name);
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Puts the AWS error's name before its message, which alone often says too little. */
async function explain<T>(urn: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw new Error(`${tokenOf(urn)} ${nameOf(urn)}: ${name === "Error" ? "" : `${name}: `}${message}`, {
      cause: error,
    });
  }
}
