import { expect } from "chai";
import { fetchFiles } from "../../../runtime/builder/build/fetch-files";
import { planProxy } from "../../../runtime/builder/proxy";
import { getJson, putJson } from "../../../runtime/builder/transfer";
import { ForwardProxy } from "./support/forward-proxy";
import { makeWheel } from "./support/packages";
import { spec, Workbench } from "./support/workbench";

describe("choice of a proxy", () => {
  const proxyOf = (url: string, environment: NodeJS.ProcessEnv) => planProxy(url, environment).proxy;

  it("depends on the scheme of the address", () => {
    const environment = { HTTP_PROXY: "http://plain:1", HTTPS_PROXY: "http://secure:2" };
    expect(proxyOf("http://h/", environment)).to.equal("http://plain:1");
    expect(proxyOf("https://h/", environment)).to.equal("http://secure:2");
    expect(proxyOf("https://h/", { HTTP_PROXY: "http://plain:1" })).to.equal("");
  });

  it("uses ALL_PROXY where no other is set, and either case of a name", () => {
    expect(proxyOf("https://h/", { ALL_PROXY: "http://all:1" })).to.equal("http://all:1");
    expect(proxyOf("http://h/", { ALL_PROXY: "http://all:1", http_proxy: "http://low:2" })).to.equal(
      "http://low:2",
    );
    expect(proxyOf("http://h/", { HTTP_PROXY: "http://up:1", http_proxy: "http://low:2" })).to.equal(
      "http://up:1",
    );
  });

  it("reads a proxy without a scheme as an HTTP proxy", () => {
    expect(proxyOf("http://h/", { HTTP_PROXY: "proxy:3128" })).to.equal("http://proxy:3128");
  });

  it("is empty where the environment names no proxy", () => {
    expect(proxyOf("http://h/", {})).to.equal("");
  });
});

describe("builder, behind a proxy", () => {
  const proxy: ForwardProxy = new ForwardProxy(() => bench.packageIndex.url);
  before(() => proxy.start());
  after(() => proxy.stop());
  beforeEach(() => (proxy.seen.length = 0));
  const bench: Workbench = new Workbench(() => ({
    HTTP_PROXY: proxy.url,
    HTTPS_PROXY: proxy.url,
    NO_PROXY: "direct.test",
    UV_DEFAULT_INDEX: "http://index.test/simple",
  }));
  const { folder, packageIndex, settings, store } = bench;
  const locked = (url: string) => ({ url, filename: "x.whl", sha256: "0".repeat(64) });
  const fetchOnce = (url: string) =>
    fetchFiles([locked(url)], settings.cache, `${folder}/fetched`, { retries: 0, minTimeout: 1 }).catch(
      (error: unknown) => error,
    );

  it("resolves and fetches through it, and reaches a store on this machine directly", async () => {
    const wheel = makeWheel({ name: "proxied" });
    packageIndex.add("proxied", wheel);
    let before = 0;
    const result = await bench.build(spec("proxied"), (item) => {
      before = proxy.seen.length;
      return item;
    });
    expect(result).to.have.property("status", "built");
    expect(proxy.seen.slice(0, before)).to.include("GET http://index.test/simple/proxied/");
    expect(proxy.seen.slice(before)).to.deep.equal([`GET http://index.test/files/${wheel.filename}`]);
    expect(store.objects.has("layer.zip")).to.be.true;
  });

  it("opens tunnels for https addresses", async () => {
    expect(await fetchOnce("https://files.test/x.whl")).to.have.nested.property("failure.kind", "network");
    expect(proxy.seen).to.deep.equal(["CONNECT files.test:443"]);
  });

  it("reaches the hosts of NO_PROXY without it", async () => {
    for (const url of ["http://direct.test/x.whl", "https://deep.direct.test/x.whl"]) {
      expect(await fetchOnce(url)).to.have.nested.property("failure.kind", "network");
    }
    expect(proxy.seen).to.be.empty;
  });

  it("reaches presigned addresses of other machines through it", async () => {
    const once = { retries: 0, minTimeout: 1 };
    await putJson("http://bucket.test/key?signature=secret", {}, once).catch(() => undefined);
    await getJson("https://bucket.test/key?signature=secret", once).catch(() => undefined);
    expect(proxy.seen).to.deep.equal([
      "PUT http://bucket.test/key?signature=secret",
      "CONNECT bucket.test:443",
    ]);
  });
});
