import { catalogTests } from "./catalog";
import { commandTests, interruptedStartTests } from "./commands";
import { engineTests, previewTests } from "./engine";
import { failureTests } from "./failures";
import { indexTests } from "./index-api";
import { layerTests } from "./layers";
import { specTests } from "./specs";
import { specCanaryTests } from "./spec-canary";
import { specDeadLetterTests } from "./spec-dead-letters";
import { specFailureTests } from "./spec-failures";
import { specKeyTests } from "./spec-keys";
import { partitionLimitTests } from "./partition-limits";
import { partitionTroubleTests } from "./partition-troubles";
import { partitionTests } from "./partitions";
import { withPlatform } from "./running-platform";

/** One platform through its whole life, as its user would drive it; the order matters. */
describe("the platform, on the emulator with IAM enforced", function () {
  this.timeout(600_000);
  const platform = withPlatform();
  previewTests(platform);
  interruptedStartTests(platform);
  layerTests(platform);
  commandTests(platform);
  indexTests(platform);
  failureTests(platform);
  partitionTests(platform);
  partitionTroubleTests(platform);
  partitionLimitTests(platform);
  specTests(platform);
  specFailureTests(platform);
  specKeyTests(platform);
  specDeadLetterTests(platform);
  specCanaryTests(platform);
  catalogTests(platform);
  engineTests(platform);
});
