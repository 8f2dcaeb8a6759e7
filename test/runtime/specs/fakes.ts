import { createHash } from "node:crypto";
import type { NewObject, SpecObjectStore, StoredObject } from "../../../runtime/specs/spec-object-store";
import type { SpecBuildAnswer, SpecBuildRequest } from "../../../runtime/contracts/specs";
import { canonicalVersion, specKeyOf, type SpecKey } from "../../../runtime/specs/key";
import type { SpecRow } from "../../../runtime/specs/entities";
import type { SpecStore } from "../../../runtime/specs/spec-store";
import type { Lease, Leases } from "../../../runtime/shared/table/lease";
import { normalizeName } from "../../../runtime/contracts/target";
import { NOW } from "../shared/recorder";

export const BUCKET = "specs";

/** Lets other work continue, as a call to AWS does. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function sha256(body: string | Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}

/** The bucket in memory. `refuse` is called before each call and may answer an error. */
export class FakeSpecObjectStore implements SpecObjectStore {
  readonly bucket = BUCKET;
  readonly contents = new Map<string, NewObject>();
  /** When an object was written. @default the time of all tests */
  readonly modified = new Map<string, Date>();
  refuse: (call: string, key: string) => Error | undefined = () => undefined;

  get keys(): string[] {
    return [...this.contents.keys()].sort();
  }

  text(key: string): string | undefined {
    return this.contents.get(key)?.body.toString();
  }

  upload(key: string, body: string): void {
    this.contents.set(key, { key, body, contentType: "application/json" });
  }

  list = async (prefix: string) => {
    await this.#called("list", prefix);
    return [...this.contents.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .map((object) => {
        return { ...stored(object), modifiedAt: this.modified.get(object.key) ?? NOW };
      });
  };

  read = async (key: string, etag: string) => {
    await this.#called("read", key);
    const object = this.contents.get(key);
    return object !== undefined && stored(object).etag === etag ? object.body.toString() : undefined;
  };

  put = async (object: NewObject) => {
    await this.#called("put", object.key);
    this.contents.set(object.key, object);
  };

  remove = async (keys: readonly string[]) => {
    for (const key of keys) {
      await this.#called("remove", key);
      this.contents.delete(key);
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

/** The rows in memory. */
export class FakeSpecStore implements SpecStore {
  readonly rows = new Map<string, SpecRow>();
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

  put = async (row: SpecRow) => {
    await turn();
    this.rows.set(specKeyOf(row), row);
  };

  markHandled = async (spec: SpecKey, sequencer: string) => {
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

  ofOwner = (owner: string, name?: string) =>
    Promise.resolve(
      [...this.rows.values()].filter(
        (row) => row.owner === owner && (name === undefined || normalizeName(row.specId) === name),
      ),
    );
}

/** Leases in memory, without a clock: no lease runs out. `refuse` is called before a lease is released. */
export class FakeLeases implements Leases {
  readonly #leases = new Map<string, { readonly owner: string; asked: boolean; held: boolean }>();
  refuse: () => Error | undefined = () => undefined;

  /** Names of the leases that are held. */
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

/** A builder whose packages contain what they were built from. */
export class FakeBuilder {
  readonly requests: SpecBuildRequest[] = [];
  /** Runs during a build. */
  during: (request: SpecBuildRequest) => void | Promise<void> = () => undefined;
  answer: ((request: SpecBuildRequest) => SpecBuildAnswer) | undefined;

  build = async (request: SpecBuildRequest): Promise<SpecBuildAnswer> => {
    this.requests.push(request);
    await turn();
    await this.during(request);
    await turn();
    return this.answer?.(request) ?? this.built(request);
  };

  built({ spec, packageName, version }: SpecBuildRequest): SpecBuildAnswer {
    const stem = `${packageName.replaceAll("-", "_")}-${version}`;
    const files = [`${stem}-py3-none-any.whl`, `${stem}.tar.gz`].map((name) => {
      const body = Buffer.from(`${name} of ${spec}`);
      return { name, sha256: sha256(body), size: body.length, content: body.toString("base64") };
    });
    return { outcome: "built", files, peakMegabytes: 1 };
  }
}

/** A spec that can be built. Another `marker` makes another spec. */
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

/** An S3 event about objects with these keys, not encoded. */
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
