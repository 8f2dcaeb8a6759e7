import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { type HomePaths, homePaths } from "../../../local/paths";
import { prepareState } from "../../../local/engine/state";
import { freePort, removeHome, temporaryHome } from "../home";

describe("state", () => {
  let paths: HomePaths;
  let server: Server;
  let endpoint: string;
  const requests: string[] = [];

  before(async () => {
    const port = await freePort();
    endpoint = `http://127.0.0.1:${String(port)}`;
    server = createServer((request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  });
  after(() => server.close());
  beforeEach(async () => {
    requests.length = 0;
    paths = homePaths(await temporaryHome());
  });
  afterEach(() => removeHome(paths.home));

  const prepare = (instance: string): Promise<void> =>
    prepareState(paths, { endpoint, instance }, () => undefined);

  async function put(path: string, content: unknown): Promise<void> {
    const file = join(paths.state, ".pulumi", path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, JSON.stringify(content));
  }
  const stacks = (): Promise<string[]> => readdir(join(paths.state, ".pulumi/stacks/strata")).catch(() => []);

  it("is kept while the emulator is the same, and thrown away with another", async () => {
    await prepare("one");
    await put("stacks/strata/local.json", { checkpoint: { latest: {} } });
    await prepare("one");
    expect(await stacks()).to.deep.equal(["local.json"]);
    await prepare("two");
    expect(await stacks()).to.deep.equal([]);
    expect(requests).to.deep.equal([]);
  });

  it("starts again with an empty emulator when a run was killed", async () => {
    await prepare("one");
    await put("stacks/strata/local.json", {
      checkpoint: { latest: { pending_operations: [{ type: "creating" }] } },
    });
    await prepare("one");
    expect(await stacks()).to.deep.equal([]);
    expect(requests).to.deep.equal(["POST /_ministack/reset"]);
  });

  it("loses the locks of dead processes, and those only", async () => {
    await put("locks/strata/local/dead.json", { pid: 999_999_999 });
    await put("locks/strata/local/live.json", { pid: process.pid });
    await prepareState(paths, undefined, () => undefined);
    expect(await readdir(join(paths.state, ".pulumi/locks/strata/local"))).to.deep.equal(["live.json"]);
  });
});
