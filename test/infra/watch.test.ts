import { expect } from "chai";
import { Watch } from "../../infra/watch";
import { recordComponent, valueOf } from "./recorded-component";
import { named, ofType, placesOf } from "./recorded-queries";
import { type RecordedResource, arnOf } from "./recorded-resources";

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

describe("the watch", () => {
  let watch: Watch;
  const recordWatch = (notificationEmail = "", tlsOnly = true): Promise<RecordedResource[]> =>
    recordComponent(() => {
      watch = new Watch("watch", { notificationEmail, tlsOnly });
    });

  it("is a topic for alarms", async () => {
    const resources = await recordWatch();
    expect(placesOf(resources)).to.deep.equal([
      `${TOPIC} watch-alarms in watch-alarms`,
      `${POLICY} watch-alarms in watch-alarms`,
      "strata:part:Topic watch-alarms in watch",
      "strata:service:Watch watch in the stack",
    ]);
    expect(await valueOf(watch.notify)).to.equal(arnOf(TOPIC, "watch-alarms"));
  });

  it("lets alarms of this account publish, and nobody without TLS", async () => {
    const { policy } = named(await recordWatch(), POLICY, "watch-alarms").inputs;
    expect(policy)
      .to.include('"Service":"cloudwatch.amazonaws.com"')
      .and.include('"aws:SourceArn":"arn:aws:cloudwatch:*:123456789012:alarm:*"')
      .and.include('"aws:SourceAccount":"123456789012"')
      .and.match(/"Effect":"Deny".*"aws:SecureTransport":"false"/);
    const open = named(await recordWatch("", false), POLICY, "watch-alarms").inputs["policy"];
    expect(open).not.to.include("Deny");
  });

  it("sends emails to an address, and to nobody where there is none", async () => {
    expect(ofType(await recordWatch(), SUBSCRIPTION)).to.be.empty;
    const { inputs } = named(await recordWatch("ops@example.com"), SUBSCRIPTION, "watch-emails");
    expect(inputs).to.deep.equal({
      topic: arnOf(TOPIC, "watch-alarms"),
      protocol: "email",
      endpoint: "ops@example.com",
    });
  });
});
