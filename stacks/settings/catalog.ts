import { settingsGroup } from "./group";
import { oneOf } from "./kinds";
import { setting } from "./setting";

export const catalog = settingsGroup({
  settings: {
    catalog: setting({
      kind: oneOf("test", "prod"),
      default: "test",
      description: "The catalog that is built: a folder under stacks/catalog.",
    }),
  },
});
