import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import type { SpecRow } from "../../../runtime/specs/entities";
import { openSpecObjectStore, type SpecObjectStore } from "../../../runtime/specs/spec-object-store";
import { openIndexUsers } from "../../../runtime/specs/package-index-users";
import { handleEvent } from "../../../runtime/specs/handle/handle";
import { create as index } from "../../../runtime/specs/package-index.lambda";
import { openSpecStore, type SpecStore } from "../../../runtime/specs/spec-store";
import { openLeases } from "../../../runtime/shared/table/lease";
import { openTable } from "../../../runtime/shared/table/open-table";
import { createTable, emulatorForSuite } from "../shared/emulator";
import { thrownBy, now, NOW, recordingLog } from "../shared/recorder";
import { BUCKET, FakeBuilder, s3Event, sha256, snsEvent, specText } from "./fakes";

const VARIABLES = { TABLE_NAME: "specs-test", SPECS_BUCKET: BUCKET, PACKAGE_INDEX_SECRET: "index-users" };
const PASSWORD = "a-password-that-is-long";

describe("specs on the emulator", () => {
  emulatorForSuite({ ...VARIABLES, PACKAGE_INDEX_VISIBILITY: "private" });
  let s3: S3Client;
  let objects: SpecObjectStore;
  let store: SpecStore;

  before(async () => {
    await createTable(VARIABLES.TABLE_NAME);
    s3 = new S3Client({ forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const SecretString = JSON.stringify({ pip: { password: PASSWORD, owners: ["*"] } });
    await new SecretsManagerClient().send(
      new CreateSecretCommand({ Name: VARIABLES.PACKAGE_INDEX_SECRET, SecretString }),
    );
    objects = openSpecObjectStore(s3, BUCKET);
    store = openSpecStore(openTable(new DynamoDBClient(), VARIABLES.TABLE_NAME));
  });

  const put = (key: string, body = "{}") => objects.put({ key, body, contentType: "application/json" });
  const rowOf = (specId: string, version: string, more: Partial<SpecRow> = {}): SpecRow => {
    const files = [{ name: `${specId}-${version}.tar.gz`, sha256: "s", size: 1 }];
    return { owner: "rows", specId, version, status: "built", files, at: NOW.toISOString(), ...more };
  };

  describe("the bucket", () => {
    it("reads an object only while it is the one that was listed", async () => {
      await put("reading/one", "first");
      const [object] = await objects.list("reading/");
      expect(object).to.include({ key: "reading/one", size: 5 });
      expect(object?.modifiedAt.getTime()).to.be.greaterThan(0);
      const etag = object?.etag ?? "";
      expect(await objects.read("reading/one", etag)).to.equal("first");
      await put("reading/one", "second");
      expect(await objects.read("reading/one", etag)).to.equal(undefined);
      await objects.remove(["reading/one", "reading/never"]);
      expect(await objects.read("reading/one", etag)).to.equal(undefined);
      expect(await objects.list("reading/")).to.deep.equal([]);
    });

    it("signs addresses for a method, also of keys with a +", async () => {
      await put("signed/pets-1.0+abc.tar.gz", "bytes");
      const address = await objects.sign("signed/pets-1.0+abc.tar.gz", "GET");
      expect(address).to.include("Expires=300");
      // If index and files have the same host name, installers send the index's password to both.
      const headers = { authorization: `Basic ${Buffer.from("pip:x").toString("base64")}` };
      expect(await (await fetch(address, { headers })).text()).to.equal("bytes");
      const head = await objects.sign("signed/pets-1.0+abc.tar.gz", "HEAD");
      expect((await fetch(head, { method: "HEAD" })).headers.get("content-length")).to.equal("5");
    });

    it("calls it a bug when the bucket is gone", async () => {
      const gone = openSpecObjectStore(s3, "gone");
      for (const work of [() => gone.list("x/"), () => gone.put({ key: "x", body: "x", contentType: "x" })]) {
        const error = await thrownBy(work);
        expect(error.name).to.equal("BugError");
        expect(error.message).to.include("NoSuchBucket").and.include("s3://gone/x");
      }
    });

    it("calls it a bug when the bucket refuses us", async () => {
      const credentials = { accessKeyId: "AKIAWITHOUTRIGHTS000", secretAccessKey: "none" };
      const closed = openSpecObjectStore(new S3Client({ forcePathStyle: true, credentials }), BUCKET);
      const upload = closed.put({ key: "acme/pets/x.whl", body: "x", contentType: "x" });
      expect((await thrownBy(() => upload)).name).to.equal("BugError");
    });
  });

  describe("the store", () => {
    it("finds the rows of equal versions, and no others", async () => {
      const same = ["1.0", "1.0.0", "v1"].map((version) => rowOf("equal", version));
      const others = [rowOf("equal", "1.0.1"), rowOf("equals", "1.0"), rowOf("Equal", "1.0")];
      for (const row of [...same, ...others]) await store.put(row);
      const found = await store.ofVersion({ owner: "rows", specId: "equal", version: "1" });
      expect(found.map(({ version }) => version).sort()).to.deep.equal(["1.0", "1.0.0", "v1"]);
      expect(await store.get(rowOf("equal", "1.0.2"))).to.equal(undefined);
    });

    it("finds the specs of one name, and not of names that begin like it", async () => {
      await store.put(rowOf("fish", "1.0"));
      await store.put(rowOf("fish", "1.1", { status: "refused", stage: "spec", reason: "no", files: [] }));
      await store.put(rowOf("fish_tank", "1.0"));
      expect((await store.ofOwner("rows", "fish")).map(({ version }) => version).sort()).to.deep.equal([
        "1.0",
        "1.1",
      ]);
      const all = (await store.ofOwner("rows")).map(({ specId }) => specId);
      expect(all).to.include.members(["fish", "fish_tank"]);
    });

    it("remembers only the newest event", async () => {
      const spec = rowOf("events", "1.0");
      await store.markHandled(spec, "05");
      expect(await store.get(spec)).to.equal(undefined);
      await store.put(spec);
      for (const sequencer of ["05", "07", "06"]) await store.markHandled(spec, sequencer);
      expect(await store.get(spec)).to.include({ sequencer: "07" });
    });

    it("keeps nothing of an earlier row", async () => {
      const spec = rowOf("again", "1.0");
      await store.put({ ...spec, status: "refused", stage: "build", reason: "no", files: [] });
      await store.put(spec);
      expect(await store.get(spec)).to.not.have.any.keys("stage", "reason", "expires");
    });

    it("gives a name to one spec at a time, until its last version is gone", async () => {
      const [first, second] = [rowOf("Sea-Horse", "1.0"), rowOf("sea_horse", "1.0")];
      const later = rowOf("Sea-Horse", "2.0");
      expect(await store.claimName(first)).to.equal("Sea-Horse");
      expect(await store.claimName(first)).to.equal("Sea-Horse");
      expect(await store.claimName(later)).to.equal("Sea-Horse");
      expect(await store.claimName(second)).to.equal("Sea-Horse");
      await store.releaseName(second);
      await store.releaseName(first);
      expect(await store.claimName(second)).to.equal("Sea-Horse");
      await store.releaseName({ ...later, version: "2.0.0" });
      expect(await store.claimName(second)).to.equal("sea_horse");
      expect(await store.claimName(first)).to.equal("sea_horse");
      await store.releaseName(rowOf("never", "1.0"));
    });
  });

  it("brings a spec from the bucket into the index, and out of it", async () => {
    const builder = new FakeBuilder();
    const leases = openLeases(openTable(new DynamoDBClient(), VARIABLES.TABLE_NAME), now);
    const ports = { objects, store, leases, build: builder.build, builder: "r1", log: recordingLog(), now };
    const key = "acme/pet-store/1.0+abc-spec.json";
    const tell = (sequencer: string) => handleEvent(snsEvent(s3Event({ key, sequencer })), sequencer, ports);
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: specText() }));
    expect(await tell("01")).to.deep.equal(["reconciled"]);
    expect(await tell("01")).to.deep.equal(["outdated"]);

    const serve = index(process.env, recordingLog());
    const get = async (path: string) => {
      const http = { method: "GET", path };
      const requestContext = { stage: "$default", domainName: "example.com", http };
      const authorization = `Basic ${Buffer.from(`pip:${PASSWORD}`).toString("base64")}`;
      const event = {
        version: "2.0",
        rawPath: path,
        rawQueryString: "",
        headers: { authorization },
        requestContext,
      };
      return (await serve(event)) as unknown as {
        readonly statusCode: number;
        readonly body: string;
        readonly headers: Readonly<Record<string, string>>;
      };
    };
    const page = await get("/packages/acme/simple/pet-store/");
    const [, file = "", hash] = /href="\.\.\/\.\.\/(files[^#"]*whl)#sha256=([^"]*)"/.exec(page.body) ?? [];
    const redirect = await get(`/packages/acme/${file}`);
    expect(redirect.statusCode).to.equal(302);
    const bytes = Buffer.from(await (await fetch(redirect.headers["location"] ?? "")).arrayBuffer());
    expect(sha256(bytes)).to.equal(hash);
    const stored = await s3.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: "acme/pet-store/pet_store-1.0+abc-py3-none-any.whl" }),
    );
    expect(stored.Metadata).to.include({ sha256: hash });

    await objects.remove([key]);
    expect(await tell("02")).to.deep.equal(["reconciled"]);
    expect(await objects.list("acme/")).to.deep.equal([]);
    expect((await get("/packages/acme/simple/pet-store/")).statusCode).to.equal(404);
  });

  it("reads the users from the secret", async () => {
    const client = new SecretsManagerClient();
    const users = await openIndexUsers(client, VARIABLES.PACKAGE_INDEX_SECRET, now)();
    expect(users).to.deep.equal({ pip: { password: PASSWORD, owners: ["*"] } });
    expect((await thrownBy(openIndexUsers(client, "nowhere", now))).name).to.equal(
      "ResourceNotFoundException",
    );
  });
});
