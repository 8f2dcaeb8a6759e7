import { createHash } from "node:crypto";
import type { NewObject, PackageBucket, StoredObject } from "../../../runtime/specs/bucket";
import type { BuildAnswer, BuildRequest } from "../../../runtime/contracts/specs";
import { canonicalVersion, specKeyOf, type SpecKey } from "../../../runtime/specs/key";
import type { PackageRecord, PackageRecords } from "../../../runtime/specs/spec-store";
import type { Lease, Leases } from "../../../runtime/shared/table/lease";
import { normalizeName } from "../../../runtime/contracts/target";
import { NOW } from "../shared/recorder";

export const BUCKET = "packages";

/** Lets other work go on, as a call to AWS does. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function sha256(body: string | Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}

/** The bucket in memory. `refuse` is asked before each call and may answer an error. */
export class FakeBucket implements PackageBucket {
  readonly name = BUCKET;
  readonly objects = new Map<string, NewObject>();
  /** When an object was written, where that isn't the time of all tests. */
  readonly modified = new Map<string, Date>();
  refuse: (call: string, key: string) => Error | undefined = () => undefined;

  get keys(): string[] {
    return [...this.objects.keys()].sort();
  }

  text(key: string): string | undefined {
    return this.objects.get(key)?.body.toString();
  }

  upload(key: string, body: string): void {
    this.objects.set(key, { key, body, contentType: "application/json" });
  }

  list = async (prefix: string) => {
    await this.#called("list", prefix);
    return [...this.objects.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .map((object) => {
        return { ...stored(object), modifiedAt: this.modified.get(object.key) ?? NOW };
      });
  };

  read = async (key: string, etag: string) => {
    await this.#called("read", key);
    const object = this.objects.get(key);
    return object !== undefined && stored(object).etag === etag ? object.body.toString() : undefined;
  };

  put = async (object: NewObject) => {
    await this.#called("put", object.key);
    this.objects.set(object.key, object);
  };

  remove = async (keys: readonly string[]) => {
    for (const key of keys) {
      await this.#called("remove", key);
      this.objects.delete(key);
    }
  };

  sign = (key: string, method: string) => Promise.resolve(`https://storage.example/${key}?signed=${method}`);

  async #called(call: string, key: string): Promise<void> {
    await turn();
    const error = this.refuse(call, key);
    if (error !== undefined) throw error;
  }
}

function stored({ key, body }: NewObject): StoredObject {
  return { key, etag: `"${sha256(body)}"`, size: Buffer.byteLength(body), modifiedAt: NOW };
}

/** The records in memory. */
export class FakeRecords implements PackageRecords {
  readonly rows = new Map<string, PackageRecord>();
  readonly names = new Map<string, { readonly specId: string; readonly versions: Set<string> }>();

  row = (spec: SpecKey) => this.rows.get(specKeyOf(spec));
  get = (spec: SpecKey) => turn().then(() => this.row(spec));

  ofVersion = (spec: SpecKey) =>
    turn().then(() =>
      [...this.rows.values()].filter(
        (row) =>
          specKeyOf({ ...row, version: "1" }) === specKeyOf({ ...spec, version: "1" }) &&
          canonicalVersion(row.version) === canonicalVersion(spec.version),
      ),
    );

  put = async (record: PackageRecord) => {
    await turn();
    this.rows.set(specKeyOf(record), record);
  };

  noteHandled = async (spec: SpecKey, sequencer: string) => {
    await turn();
    const row = this.row(spec);
    if (row === undefined || (row.sequencer ?? "") >= sequencer) return;
    this.rows.set(specKeyOf(spec), { ...row, sequencer });
  };

  claimName = async ({ owner, specId, version }: SpecKey) => {
    await turn();
    const id = `${owner}/${normalizeName(specId)}`;
    const known = this.names.get(id);
    if (known !== undefined && known.specId !== specId && known.versions.size > 0) return known.specId;
    const versions = new Set([...(known?.versions ?? []), canonicalVersion(version) ?? ""]);
    this.names.set(id, { specId, versions });
    return specId;
  };

  releaseName = async ({ owner, specId, version }: SpecKey) => {
    await turn();
    const known = this.names.get(`${owner}/${normalizeName(specId)}`);
    if (known?.specId === specId) known.versions.delete(canonicalVersion(version) ?? "");
  };

  built = (owner: string, name?: string) =>
    Promise.resolve(
      [...this.rows.values()].filter(
        (row) =>
          row.owner === owner &&
          row.status === "built" &&
          (name === undefined || normalizeName(row.specId) === name),
      ),
    );
}

/** Leases in memory, without a clock: nobody loses one. `refuse` is asked before one is given back. */
export class FakeLeases implements Leases {
  readonly #leases = new Map<string, { readonly owner: string; asked: boolean; held: boolean }>();
  refuse: () => Error | undefined = () => undefined;

  /** Names that somebody holds. */
  get held(): string[] {
    return [...this.#leases].flatMap(([name, { held }]) => (held ? [name] : []));
  }

  take = async (name: string, owner: string): Promise<Lease | undefined> => {
    await turn();
    const before = this.#leases.get(name);
    if (before?.held === true && before.owner !== owner) {
      before.asked = true;
      return undefined;
    }
    const mine = { owner, asked: false, held: true };
    this.#leases.set(name, mine);
    return {
      inherited: before !== undefined,
      release: async () => {
        await turn();
        const error = this.refuse();
        if (error !== undefined) throw error;
        const { asked } = mine;
        mine.asked = false;
        if (!asked) this.#leases.delete(name);
        return !asked;
      },
      abandon: async () => {
        await turn();
        mine.held = false;
      },
    };
  };
}

/** A builder whose packages say what they were built from. */
export class FakeBuilder {
  readonly requests: BuildRequest[] = [];
  /** Runs while a package is being built. */
  during: (request: BuildRequest) => void | Promise<void> = () => undefined;
  answer: ((request: BuildRequest) => BuildAnswer) | undefined;

  build = async (request: BuildRequest): Promise<BuildAnswer> => {
    this.requests.push(request);
    await turn();
    await this.during(request);
    await turn();
    return this.answer?.(request) ?? this.built(request);
  };

  built({ spec, packageName, version }: BuildRequest): BuildAnswer {
    const stem = `${packageName.replaceAll("-", "_")}-${version}`;
    const files = [`${stem}-py3-none-any.whl`, `${stem}.tar.gz`].map((name) => {
      const body = Buffer.from(`${name} of ${spec}`);
      return { name, sha256: sha256(body), size: body.length, content: body.toString("base64") };
    });
    return { outcome: "built", files, peakMegabytes: 1 };
  }
}

/** A spec that can be built; `marker` makes it another one. */
export function specText(marker = "one", more: object = {}): string {
  const pet = { type: "object", "x-tablename": "pet", properties: { id: { type: "integer" } } };
  const info = { title: marker, version: "0" };
  return JSON.stringify({
    openapi: "3.0.3",
    info,
    paths: {},
    components: { schemas: { Pet: pet } },
    ...more,
  });
}

/** An S3 event about keys that are given as they stand in the bucket. */
export function s3Event(...objects: readonly { readonly key: string; readonly sequencer?: string }[]) {
  return {
    Records: objects.map(({ key, sequencer }) => {
      const encoded = encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
      const object = { key: encoded, ...(sequencer === undefined ? {} : { sequencer }) };
      return { eventName: "ObjectCreated:Put", s3: { bucket: { name: BUCKET }, object } };
    }),
  };
}

/** An SNS event with these messages. */
export function snsEvent(...messages: readonly unknown[]) {
  const text = (message: unknown) => (typeof message === "string" ? message : JSON.stringify(message));
  return {
    Records: messages.map((message) => ({ EventSource: "aws:sns", Sns: { Message: text(message) } })),
  };
}
