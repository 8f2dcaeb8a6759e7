/** The arrows between the rooms: index -> stacks -> infra -> infra/parts; tasks -> local, stacks, runtime; runtime and site stand alone. */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "runtime-stands-alone",
      comment: "What runs inside Lambda never imports the program that deploys it.",
      severity: "error",
      from: { path: "^runtime/" },
      to: { path: "^(infra|stacks|tasks|local|bench|test|index)|node_modules/@pulumi/" },
    },
    {
      name: "infra-knows-only-the-contracts-of-runtime",
      severity: "error",
      from: { path: "^infra/" },
      to: { path: "^runtime/(?!contracts/)" },
    },
    {
      name: "infra-looks-down-only",
      severity: "error",
      from: { path: "^infra/" },
      to: { path: "^(stacks|tasks|local|bench|test|index)" },
    },
    {
      name: "parts-know-no-service",
      severity: "error",
      from: { path: "^infra/parts/" },
      to: { path: "^infra/(?!parts/)" },
    },
    {
      name: "stacks-look-down-only",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^(tasks|local|bench|test|index|runtime)" },
    },
    {
      name: "local-does-not-know-the-program",
      severity: "error",
      from: { path: "^local/" },
      to: { path: "^(tasks|infra|stacks|bench|test|index|runtime)" },
    },
    {
      name: "production-never-imports-tests",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    { name: "everything-resolves", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      conditionNames: ["require", "node", "import", "default"],
      exportsFields: ["exports"],
    },
  },
};
