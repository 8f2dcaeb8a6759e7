import { expect } from "chai";
import type { TestPlatform } from "./running-platform";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** The endpoints that Klayers' clients know, over HTTP. */
export function indexTests(platform: () => TestPlatform): void {
  describe("the index", () => {
    const get = (path: string, init?: RequestInit) =>
      fetch(`${platform().connection().outputs.api.url}/api/v2/${path}`, init);
    const rows = async (path: string) => (await (await get(path)).json()) as Rows;

    it("lists the latest layers of a region in the exact shape, with and without a trailing slash and as /json", async () => {
      const answers = await Promise.all(
        ["", "/", "/json"].map((end) => rows(`p3.12/layers/latest/us-east-1${end}`)),
      );
      const [list = []] = answers;
      for (const answer of answers) expect(answer).to.deep.equal(list);
      expect(list.length).to.equal(13);
      for (const row of list) expect(Object.keys(row)).to.deep.equal(["package", "packageVersion", "arn"]);
      const psycopg = list.find((row) => row["package"] === "psycopg__binary_pool");
      expect(psycopg?.["arn"]).to.match(
        /^arn:aws:lambda:us-east-1:\d{12}:layer:strata-p312-psycopg__binary_pool:1$/,
      );
    });

    it("speaks CSV and HTML with their own content types and header", async () => {
      const csv = await get("p3.13-arm64/layers/latest/eu-west-1/csv");
      expect(csv.headers.get("content-type")).to.match(/^text\/csv/);
      const [header, ...lines] = (await csv.text()).trim().split(/\r?\n/);
      expect(header).to.equal("Package,Package Version,arn");
      expect(lines.length).to.equal(13);
      const html = await get("p3.13-arm64/layers/latest/eu-west-1/html");
      expect(html.headers.get("content-type")).to.match(/^text\/html/);
      expect(await html.text()).to.match(/<th>Package<\/th>\s*<th>Package Version<\/th>\s*<th>arn<\/th>/i);
    });

    it("lists the versions of a package, one of them the latest, by either spelling of its extras", async () => {
      const list = await rows("p3.12/layers/us-east-1/numpy");
      expect(list.filter((row) => row["deployStatus"] === "latest").length).to.equal(1);
      expect(Object.keys(list[0] ?? {})).to.include.members([
        "arn",
        "packageVersion",
        "deployStatus",
        "dependencies",
      ]);
      const [one, other] = await Promise.all([
        rows("p3.12/layers/us-east-1/psycopg__binary_pool"),
        rows(`p3.12/layers/us-east-1/${encodeURIComponent("psycopg[binary,pool]")}`),
      ]);
      expect(one).to.deep.equal(other).and.not.to.be.empty;
    });

    it("lists the latest builds", async () => {
      const list = await rows("p3.13/builds/latest");
      expect(list.length).to.equal(13);
      for (const row of list) {
        expect(Object.keys(row)).to.deep.equal([
          "package",
          "packageVersion",
          "dependencies",
          "createdDateTime",
        ]);
      }
    });

    it("answers 404 with what to do for what it does not know", async () => {
      for (const path of [
        "p3.12/layers/us-east-1/nope",
        "p2.7/layers/latest/us-east-1",
        "p3.12/layers/latest/xx-nowhere-1",
      ]) {
        const answer = await get(path);
        expect(answer.status, path).to.equal(404);
        expect(((await answer.json()) as { message: string }).message, path).to.have.length.greaterThan(20);
      }
    });

    it("answers HEAD, and lets any origin read", async () => {
      const head = await get("p3.12/layers/latest/us-east-1", {
        method: "HEAD",
        headers: { Origin: "https://example.org" },
      });
      expect(head.status).to.equal(200);
      expect(head.headers.get("access-control-allow-origin")).to.match(/\*/);
      expect(await head.text()).to.equal("");
    });
  });
}
