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
      name: "shared-and-contracts-know-no-service",
      severity: "error",
      from: { path: "^runtime/(shared|contracts)/" },
      to: { path: "^runtime/(?!shared/|contracts/)" },
    },
    {
      name: "services-know-each-other-by-index",
      comment: "A service imports of another service only its index.ts.",
      severity: "error",
      from: { path: "^runtime/(?!shared/|contracts/)([^/]+)/" },
      to: {
        path: "^runtime/(?!shared/|contracts/)[^/]+/",
        pathNot: ["^runtime/$1/", "^runtime/[^/]+/index\\.ts$"],
      },
    },
    {
      name: "builder-zip-knows-no-other-layer",
      severity: "error",
      from: { path: "^runtime/builder/zip/" },
      to: { path: "^runtime/builder/(resolve|build|[^/]*\\.lambda|handle)" },
    },
    {
      name: "builder-resolve-and-build-stay-apart",
      comment: "What both need is in the builder's root.",
      severity: "error",
      from: { path: "^runtime/builder/(resolve|build)/" },
      to: { path: "^runtime/builder/(resolve|build)/", pathNot: "^runtime/builder/$1/" },
    },
    {
      name: "builder-root-is-the-lowest-layer",
      comment: "Only the entry and handle.ts, which calls the layers, look down on them.",
      severity: "error",
      from: { path: "^runtime/builder/[^/]+$", pathNot: "/(handle|builder\\.lambda)\\.ts$" },
      to: { path: "^runtime/builder/[^/]+/" },
    },
    {
      name: "partitions-layout-is-a-lowest-layer",
      comment: "It knows paths and times, and neither AWS nor the other layers.",
      severity: "error",
      from: { path: "^runtime/partitions/layout/" },
      to: { path: "^runtime/partitions/(?!layout/)|/@aws-sdk/" },
    },
    {
      name: "partitions-table-is-a-lowest-layer",
      comment: "It knows a table's settings and our rows about it, and no other layer.",
      severity: "error",
      from: { path: "^runtime/partitions/table/" },
      to: { path: "^runtime/partitions/(?!table/)" },
    },
    {
      name: "partitions-lake-knows-only-the-layout",
      severity: "error",
      from: { path: "^runtime/partitions/lake/" },
      to: { path: "^runtime/partitions/(?!lake/|layout/)" },
    },
    {
      name: "partitions-glue-looks-down-only",
      comment:
        "Glue's side is above the layers layout, table and lake; the functions of the service are above it.",
      severity: "error",
      from: { path: "^runtime/partitions/glue/" },
      to: { path: "^runtime/partitions/[^/]+$" },
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
      name: "one-task-imports-the-benchmarks",
      severity: "error",
      from: { pathNot: "^(bench|test)/|^tasks/development/bench\\.ts$" },
      to: { path: "^bench/" },
    },
    {
      name: "groups-of-tasks-are-found",
      comment:
        "The command line and start know no service: they find each group's commands.ts and showcase.ts.",
      severity: "error",
      from: { path: "^tasks/(cli|platform)/" },
      to: { path: "^tasks/(?!cli/|platform/)" },
    },
    {
      name: "the-command-line-starts-at-once",
      comment: "Every task's commands.ts is loaded at every start; the code of a task only when it runs.",
      severity: "error",
      from: { path: "^tasks/[^/]+/commands\\.ts$" },
      to: {
        pathNot: "^(tasks/cli/|local/paths\\.ts|runtime/contracts/target\\.ts)|/commander/",
        dynamic: false,
        dependencyTypesNot: ["core"],
      },
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
