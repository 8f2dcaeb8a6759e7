import { program } from "./stacks/program";

/** What `pulumi up` runs, on every stage. Its exports are the stack's outputs, as stacks/outputs.ts declares them. */
module.exports = program();
