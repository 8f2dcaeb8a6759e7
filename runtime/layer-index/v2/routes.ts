import type { Context, Hono } from "hono";
import { requirementOf, runtimeTag, type Runtime } from "../../contracts/target";
import type { LayerRow, TargetState } from "../../layers";
import { parsePackageName } from "../../shared/requirement";
import { NotFoundError, requireInScope, type LayerIndexScope } from "../scope";
import { latestBuild, latestLayer, packageLayer, parseRuntimeTag, type LatestLayer } from "./klayers";
import { renderCsv, renderHtml } from "./render";

/** What API v2 reads. */
export interface V2Ports {
  latestLayers(region: string, runtime: Runtime): Promise<readonly LayerRow[]>;
  /** Newest first. */
  layerVersions(region: string, runtime: Runtime, requirement: string): Promise<readonly LayerRow[]>;
  latestBuilds(runtime: Runtime): Promise<readonly TargetState[]>;
}

/** The endpoints of API v2, for people who look at the API's root. */
export const V2_ENDPOINTS = {
  latestLayers: "/api/v2/{runtime}/layers/latest/{region} (also /json, /csv and /html after it)",
  layerVersions: "/api/v2/{runtime}/layers/{region}/{package}",
  latestBuilds: "/api/v2/{runtime}/builds/latest",
} as const;

const V2 = "/api/v2/:runtime";

/** Adds API v2, which Klayers' clients understand. */
export function addV2Routes(app: Hono, scope: LayerIndexScope, ports: V2Ports): void {
  addLatest(app, scope, ports);
  addVersions(app, scope, ports);
  addBuilds(app, scope, ports);
}

function addLatest(app: Hono, scope: LayerIndexScope, ports: V2Ports): void {
  const read = async (context: Context): Promise<readonly LatestLayer[]> => {
    const runtime = runtimeFrom(context);
    const region = context.req.param("region") ?? "";
    const layers = await ports.latestLayers(region, runtime);
    if (layers.length === 0) requireInScope(scope, runtime, region);
    return layers.map(latestLayer);
  };
  const path = `${V2}/layers/latest/:region`;
  app.get(path, async (context) => context.json(await read(context)));
  app.get(`${path}/json`, async (context) => context.json(await read(context)));
  app.get(`${path}/csv`, async (context) =>
    context.body(renderCsv(await read(context)), 200, { "content-type": "text/csv; charset=utf-8" }),
  );
  app.get(`${path}/html`, async (context) => {
    const title = `Layers for ${context.req.param("runtime")} in ${context.req.param("region")}`;
    return context.html(renderHtml(title, await read(context)));
  });
}

function addVersions(app: Hono, scope: LayerIndexScope, ports: V2Ports): void {
  app.get(`${V2}/layers/:region/:package`, async (context) => {
    const runtime = runtimeFrom(context);
    const { region, package: name } = context.req.param();
    const parsed = parsePackageName(name);
    if (!parsed.ok) throw new NotFoundError(parsed.reason);
    const requirement = requirementOf(parsed.value);
    const layers = await ports.layerVersions(region, runtime, requirement);
    if (layers.length === 0) {
      requireInScope(scope, runtime, region);
      const tag = runtimeTag(runtime.python, runtime.architecture);
      throw new NotFoundError(
        `There is no layer of ${requirement} for ${tag} in ${region}. ` +
          `/api/v2/${tag}/layers/latest/${region} lists the packages that have one.`,
      );
    }
    return context.json(layers.map(packageLayer));
  });
}

function addBuilds(app: Hono, scope: LayerIndexScope, ports: V2Ports): void {
  app.get(`${V2}/builds/latest`, async (context) => {
    const runtime = runtimeFrom(context);
    const builds = (await ports.latestBuilds(runtime)).flatMap((record) => latestBuild(record) ?? []);
    if (builds.length === 0) requireInScope(scope, runtime);
    return context.json(builds);
  });
}

function runtimeFrom(context: Context): Runtime {
  const tag = context.req.param("runtime") ?? "";
  const runtime = parseRuntimeTag(tag);
  if (runtime === undefined) {
    throw new NotFoundError(
      `"${tag}" is not a Python version with an architecture. Write p3.13 or p3.13-arm64.`,
    );
  }
  return runtime;
}
