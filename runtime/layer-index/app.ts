import { Hono, type Context, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { parsePackageName } from "../shared/requirement";
import type { Log } from "../shared/log";
import {
  requirementOf,
  runtimeTag,
  type Architecture,
  type PythonVersion,
  type Runtime,
} from "../contracts/target";
import { latestBuild, latestLayer, packageLayer, parseRuntimeTag, type LatestLayer } from "./klayers";
import type { LayerRow, TargetState } from "../layers";
import { renderCsv, renderHtml } from "./render";

/** What the API reads. */
export interface IndexPorts {
  latestLayers(region: string, runtime: Runtime): Promise<readonly LayerRow[]>;
  /** Newest first. */
  layerVersions(region: string, runtime: Runtime, requirement: string): Promise<readonly LayerRow[]>;
  latestBuilds(runtime: Runtime): Promise<readonly TargetState[]>;
  readonly log: Log;
}

/** What the stage builds for and publishes to: asking for anything else is an error, unless layers of it are left. */
export interface IndexScope {
  readonly pythons: readonly PythonVersion[];
  readonly architectures: readonly Architecture[];
  readonly regions: readonly string[];
}

/** Seconds that an answer may be kept: a new layer shows within five minutes. */
const CACHE_SECONDS = 300;
const V2 = "/api/v2/:runtime";

/** Nothing is there; the message says what to ask for instead. Becomes a 404 with a JSON body. */
class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** The HTTP API: requests in, responses out. */
export function createApp(scope: IndexScope, ports: IndexPorts): Hono {
  const app = new Hono({ strict: false });
  app.use(cors({ origin: "*", allowMethods: ["GET", "HEAD"] }), cacheable(), etag());
  app.get("/", (context) => context.json(describeApi(scope)));
  app.get("/health", (context) => context.json({ status: "ok" }));
  addLatest(app, scope, ports);
  addVersions(app, scope, ports);
  addBuilds(app, scope, ports);
  app.notFound((context) =>
    context.json({ message: `There is nothing at ${context.req.path}; / lists what there is.` }, 404),
  );
  app.onError((error, context) => {
    if (error instanceof NotFoundError) return context.json({ message: error.message }, 404);
    ports.log.error("request failed", { path: context.req.path, error: error.message, stack: error.stack });
    return context.json({ message: "Something broke on our side. Please try again." }, 500);
  });
  return app;
}

function addLatest(app: Hono, scope: IndexScope, ports: IndexPorts): void {
  const read = async (context: Context): Promise<readonly LatestLayer[]> => {
    const runtime = runtimeFrom(context);
    const region = context.req.param("region") ?? "";
    const layers = await ports.latestLayers(region, runtime);
    if (layers.length === 0) refuseUnknown(scope, runtime, region);
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

function addVersions(app: Hono, scope: IndexScope, ports: IndexPorts): void {
  app.get(`${V2}/layers/:region/:package`, async (context) => {
    const runtime = runtimeFrom(context);
    const { region, package: name } = context.req.param();
    const parsed = parsePackageName(name);
    if (!parsed.ok) throw new NotFoundError(parsed.reason);
    const requirement = requirementOf(parsed.value);
    const layers = await ports.layerVersions(region, runtime, requirement);
    if (layers.length === 0) {
      refuseUnknown(scope, runtime, region);
      const tag = runtimeTag(runtime.python, runtime.architecture);
      throw new NotFoundError(
        `There is no layer of ${requirement} for ${tag} in ${region}; ` +
          `/api/v2/${tag}/layers/latest/${region} lists the packages that have one.`,
      );
    }
    return context.json(layers.map(packageLayer));
  });
}

function addBuilds(app: Hono, scope: IndexScope, ports: IndexPorts): void {
  app.get(`${V2}/builds/latest`, async (context) => {
    const runtime = runtimeFrom(context);
    const builds = (await ports.latestBuilds(runtime)).flatMap((record) => latestBuild(record) ?? []);
    if (builds.length === 0) refuseUnknown(scope, runtime);
    return context.json(builds);
  });
}

function runtimeFrom(context: Context): Runtime {
  const tag = context.req.param("runtime") ?? "";
  const runtime = parseRuntimeTag(tag);
  if (runtime === undefined) throw new NotFoundError(`"${tag}" is no Python: write p3.13 or p3.13-arm64.`);
  return runtime;
}

/** @throws NotFoundError when the stage knows nothing of the runtime or region, so that emptiness is no answer. */
function refuseUnknown(
  { pythons, architectures, regions }: IndexScope,
  runtime: Runtime,
  region?: string,
): void {
  if (!pythons.includes(runtime.python) || !architectures.includes(runtime.architecture)) {
    const tags = pythons.flatMap((python) =>
      architectures.map((architecture) => runtimeTag(python, architecture)),
    );
    const asked = runtimeTag(runtime.python, runtime.architecture);
    throw new NotFoundError(`There are no layers for ${asked}; there are some for ${tags.join(", ")}.`);
  }
  if (region !== undefined && !regions.includes(region)) {
    throw new NotFoundError(`There are no layers in ${region}; there are some in ${regions.join(", ")}.`);
  }
}

function describeApi({ pythons, architectures, regions }: IndexScope) {
  return {
    service: "strata layer index",
    runtimes: pythons.flatMap((python) =>
      architectures.map((architecture) => runtimeTag(python, architecture)),
    ),
    regions,
    endpoints: {
      latestLayers: "/api/v2/{runtime}/layers/latest/{region} (also /json, /csv and /html after it)",
      layerVersions: "/api/v2/{runtime}/layers/{region}/{package}",
      latestBuilds: "/api/v2/{runtime}/builds/latest",
      health: "/health",
    },
  };
}

/** Good answers may be cached for a while; errors never, since a layer may come the next minute. */
function cacheable(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const good = [200, 304].includes(context.res.status) && context.req.path !== "/health";
    context.header("cache-control", good ? `public, max-age=${CACHE_SECONDS}` : "no-store");
  };
}
