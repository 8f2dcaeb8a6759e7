import { packageDeadLetterTests } from "./package-dead-letters";
import { packageKeyTests } from "./package-keys";
import { packageTests } from "./packages";
import { withPlatform } from "./running-platform";
describe("r4", function () {
  this.timeout(600_000);
  const platform = withPlatform();
  before(async () => {
    const { code, stderr } = await platform().strata([
      "start",
      "--no-build",
      "--port",
      String(platform().port),
    ]);
    if (code !== 0) throw new Error(stderr);
  });
  packageKeyTests(platform);
  packageDeadLetterTests(platform);
  packageTests(platform);
});
