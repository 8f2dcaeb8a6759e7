/** Handles the builder's requests. Reads items and writes results through presigned addresses. */
import type {
  BuilderAnswer,
  BuilderRequest,
  BuildRequest,
  BuildResult,
  ResolveRequest,
} from "../contracts/builder";
import { UpstreamError } from "../shared/errors";
import { withWorkFolder } from "../shared/work-folder";
import { buildLayer } from "./build/build";
import { describeFailure } from "./failure";
import { parseBuildItem } from "./request";
import { resolvePackages } from "./resolve/resolve";
import type { BuilderSettings } from "./settings";
import { getJson, putFile, putJson } from "./transfer";

/**
 * Resolves or builds, as the request says. A failed target is a part of the answer; an error is thrown only when our own
 * storage can't be read or written.
 * @throws {UpstreamError} or {BugError} for a presigned address that doesn't work.
 */
export async function handleRequest(
  request: BuilderRequest,
  settings: BuilderSettings,
): Promise<BuilderAnswer> {
  switch (request.operation) {
    case "resolve":
      return handleResolve(request, settings);
    case "build":
      return handleBuild(request, settings);
  }
}

async function handleResolve(request: ResolveRequest, settings: BuilderSettings): Promise<BuilderAnswer> {
  const targets = await withWorkFolder(settings.scratch, (folder) =>
    resolvePackages(request, settings, folder),
  );
  await putJson(request.outputUrl, { targets }, settings.retries);
  const failed = targets.filter(({ status }) => status === "failed").length;
  return { resolved: targets.length - failed, failed };
}

async function handleBuild(request: BuildRequest, settings: BuilderSettings): Promise<BuildResult> {
  const item = parseBuildItem(await getJson(request.itemUrl, settings.retries));
  try {
    return await withWorkFolder(settings.scratch, (folder) =>
      buildLayer(item, settings, folder, {
        store: (zip) => putFile(request.uploadUrl, zip, settings.retries),
      }),
    );
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    return { status: "failed", failure: describeFailure(error) };
  }
}
