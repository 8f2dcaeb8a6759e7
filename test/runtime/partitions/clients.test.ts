import { expect } from "chai";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openSources } from "../../../runtime/partitions/clients";

const LISTING =
  '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>false</IsTruncated>' +
  "<CommonPrefixes><Prefix>events/</Prefix></CommonPrefixes></ListBucketResult>";

describe("the clients of the partition manager", () => {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  it("follow a bucket into its own region", async () => {
    const regions: string[] = [];
    const server = createServer(({ headers }, answer) => {
      const [, region = ""] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
      regions.push(region);
      if (region === "eu-west-1") answer.end(LISTING);
      else answer.writeHead(301, { "x-amz-bucket-region": "eu-west-1" }).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
      Object.assign(process.env, { AWS_ENDPOINT_URL, AWS_REGION: "us-east-1", ...keys });
      const list = openSources("", process.env).sources.folders("far-away");
      expect((await list({ prefix: "", as: "folders" })).folders).to.deep.equal(["events/"]);
      expect(regions).to.deep.equal(["us-east-1", "eu-west-1"]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
