import { expect } from "chai";
import { createPackageIndexApp } from "../../../../runtime/specs/package-index/app";
import type { SpecRow } from "../../../../runtime/specs/entities";
import { NOW, recordingLog } from "../../shared/recorder";
import { FakeSpecObjectStore, FakeSpecStore } from "../fakes";

const USERS = {
  pip: { password: "a-password-that-is-long", owners: ["*"] },
  acme: { password: "another-password: long", owners: ["acme"] },
};
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const HTML_TYPE = "application/vnd.pypi.simple.v1+html";
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
const PIP = basic("pip", USERS.pip.password);

function rowOf(specId: string, version: string, more: Partial<SpecRow> = {}): SpecRow {
  const name = `${specId.replaceAll("-", "_")}-${version}-py3-none-any.whl`;
  const files = [{ name, sha256: "ab".repeat(32), size: 5 }];
  return { owner: "acme", specId, version, status: "built", files, at: NOW.toISOString(), ...more };
}

describe("package index", () => {
  let store: FakeSpecStore;
  let broken: boolean;
  beforeEach(async () => {
    store = new FakeSpecStore();
    broken = false;
    for (const version of ["1.0", "1.10", "1.9", "1.0+abc"]) await store.put(rowOf("Pet-Store", version));
    await store.put(rowOf("cats", "1.0"));
    await store.put(rowOf("dogs", "1.0", { status: "refused" }));
    await store.put(rowOf("birds", "1.0", { owner: "other" }));
  });

  const app = (visibility: "private" | "public" = "private") => {
    const users = () => (broken ? Promise.reject(new Error("secret")) : Promise.resolve(USERS));
    const log = recordingLog();
    const objects = new FakeSpecObjectStore();
    return createPackageIndexApp({ store, objects, log, ...(visibility === "private" ? { users } : {}) });
  };
  const get = async (path: string, headers: Record<string, string> = {}, method = "GET") =>
    app().request(path, { method, headers: { ...PIP, ...headers } });
  const simple = "/packages/acme/simple/";

  it("lists an owner's projects as HTML", async () => {
    const response = await get(simple);
    expect(response.headers.get("content-type")).to.equal("text/html; charset=utf-8");
    const page = await response.text();
    expect(page).to.match(/^<!doctype html>/);
    expect(page.match(/<a href="[^"]*">[^<]*<\/a>/g)).to.deep.equal([
      '<a href="cats/">cats</a>',
      '<a href="pet-store/">pet-store</a>',
    ]);
  });

  it("lists an owner's projects as JSON", async () => {
    const response = await get(simple, { accept: JSON_TYPE });
    expect(response.headers.get("content-type")).to.equal(JSON_TYPE);
    const projects = [{ name: "cats" }, { name: "pet-store" }];
    expect(await response.json()).to.deep.equal({ meta: { "api-version": "1.1" }, projects });
  });

  it("lists a project's files with their hashes, newest first, with relative links", async () => {
    const page = await (await get(`${simple}pet-store/`)).text();
    const [first, ...rest] = page.match(/href="[^"]*"/g) ?? [];
    const hash = "ab".repeat(32);
    expect(first).to.equal(`href="../../files/Pet-Store/Pet_Store-1.10-py3-none-any.whl#sha256=${hash}"`);
    expect(rest).to.have.length(3);
    expect(rest[1]).to.include("Pet_Store-1.0%2Babc-py3");
  });

  it("shows sizes, times and versions in JSON", async () => {
    const answer = (await (await get(`${simple}pet-store/`, { accept: JSON_TYPE })).json()) as {
      readonly versions: unknown;
      readonly files: readonly object[];
    };
    expect(answer).to.include({ name: "pet-store" });
    expect(answer.versions).to.deep.equal(["1.10", "1.9", "1.0+abc", "1.0"]);
    expect(answer.files[0]).to.deep.equal({
      filename: "Pet_Store-1.10-py3-none-any.whl",
      url: "../../files/Pet-Store/Pet_Store-1.10-py3-none-any.whl",
      hashes: { sha256: "ab".repeat(32) },
      size: 5,
      "upload-time": "2026-11-21T10:00:00.000Z",
      yanked: false,
    });
  });

  for (const [accept, type] of [
    [`${JSON_TYPE}, ${HTML_TYPE}; q=0.1, text/html; q=0.01`, JSON_TYPE],
    [`${HTML_TYPE}, text/html;q=0.5`, `${HTML_TYPE}; charset=utf-8`],
    [`text/html, ${JSON_TYPE};q=0.2`, "text/html; charset=utf-8"],
    ["*/*", "text/html; charset=utf-8"],
    ["image/png", "text/html; charset=utf-8"],
  ] as const) {
    it(`answers ${accept} with ${type}`, async () => {
      for (const path of [simple, `${simple}cats/`]) {
        const response = await get(path, { accept });
        expect(response.headers.get("content-type")).to.equal(type);
        expect(response.headers.get("vary")).to.include("Accept");
      }
    });
  }

  for (const [path, location] of [
    ["/packages/acme/simple", "simple/"],
    [`${simple}cats`, "cats/"],
    [`${simple}Pet_Store`, "pet-store/"],
    [`${simple}Pet.Store/`, "../pet-store/"],
  ] as const) {
    it(`redirects from ${path} to ${location}`, async () => {
      const response = await get(path);
      expect([response.status, response.headers.get("location")]).to.deep.equal([301, location]);
    });
  }

  it("redirects to a file with an address that is signed for the method", async () => {
    const file = "/packages/acme/files/Pet-Store/Pet_Store-1.0%2Babc-py3-none-any.whl";
    const response = await get(file);
    expect(response.status).to.equal(302);
    const key = "acme/Pet-Store/Pet_Store-1.0+abc-py3-none-any.whl";
    expect(response.headers.get("location")).to.equal(`https://storage.example/${key}?signed=GET`);
    expect(response.headers.get("cache-control")).to.equal("private, no-store");
    expect((await get(file, {}, "HEAD")).headers.get("location")).to.include("signed=HEAD");
  });

  for (const path of [
    `${simple}dogs/`,
    `${simple}unknown/`,
    `${simple}${"x".repeat(3000)}/`,
    `${simple}%2e%2e%2fother/`,
    "/packages/acme/files/Pet-Store/1.0-spec.json",
    "/packages/acme/files/pet-store/Pet_Store-1.0-py3-none-any.whl",
    "/packages/acme/files/cats/..%2F..%2Fother%2Fbirds%2Fbirds-1.0-py3-none-any.whl",
    "/packages/acme/files/dogs/dogs-1.0-py3-none-any.whl",
    "/packages/-/simple/",
    "/packages",
    "/nowhere",
  ]) {
    it(`has nothing at ${path.slice(0, 80)}`, async () => {
      expect((await get(path)).status).to.equal(404);
    });
  }

  it("answers HEAD without a body, and 304 to a client that has the page", async () => {
    const head = await get(simple, {}, "HEAD");
    expect([head.status, await head.text()]).to.deep.equal([200, ""]);
    const first = await get(simple);
    expect(first.headers.get("cache-control")).to.equal("private, no-cache");
    const again = await get(simple, { "if-none-match": first.headers.get("etag") ?? "" });
    expect([again.status, again.headers.get("cache-control")]).to.deep.equal([304, "private, no-cache"]);
  });

  for (const [name, headers] of [
    ["nothing", {}],
    ["a wrong password", basic("pip", "wrong")],
    ["an unknown user", basic("nobody", USERS.pip.password)],
    ["a name that every object has", basic("constructor", "there is no such user")],
    ["no colon", { authorization: `Basic ${Buffer.from("pip").toString("base64")}` }],
    ["another scheme", { authorization: "Bearer x" }],
  ] as const) {
    it(`asks for a password when it gets ${name}`, async () => {
      for (const path of [simple, `${simple}cats`, "/packages/acme/files/cats/cats-1.0-py3-none-any.whl"]) {
        const response = await app().request(path, { headers });
        expect(response.status).to.equal(401);
        expect(response.headers.get("www-authenticate")).to.match(/^Basic realm=/);
      }
    });
  }

  it("shows a user only the owners that the user may see", async () => {
    const headers = basic("acme", USERS.acme.password);
    expect((await app().request(`${simple}cats/`, { headers })).status).to.equal(200);
    expect((await app().request("/packages/other/simple/", { headers })).status).to.equal(404);
    expect((await get("/packages/other/simple/birds/")).status).to.equal(200);
  });

  it("asks nobody for a password when it is public", async () => {
    expect((await app("public").request(`${simple}cats/`)).status).to.equal(200);
  });

  it("doesn't show the error when something broke", async () => {
    broken = true;
    const response = await get(simple);
    expect([response.status, response.headers.get("cache-control")]).to.deep.equal([
      500,
      "private, no-store",
    ]);
    expect(await response.text()).to.not.include("secret");
  });
});
