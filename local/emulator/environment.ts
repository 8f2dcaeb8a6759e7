import { delimiter, dirname } from "node:path";
import { type HomePaths, REPOSITORY, toolPaths } from "../paths";
import { type Tools, toolEnvironment } from "../tools/tools";

/**
 * The variables of the user that the emulator may see, and with it every Lambda, because it hands its own environment on to them: the
 * way to the network and to a package index. Never the user's AWS_*.
 */
const PASSED_ON = [
  "ALL_PROXY",
  "CURL_CA_BUNDLE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "LANG",
  "LC_ALL",
  "NODE_EXTRA_CA_CERTS",
  "NO_PROXY",
  "PIP_CERT",
  "PIP_INDEX_URL",
  "REQUESTS_CA_BUNDLE",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
  "UV_DEFAULT_INDEX",
  "UV_EXTRA_INDEX_URL",
  "UV_HTTP_RETRIES",
  "UV_HTTP_TIMEOUT",
  "UV_INDEX",
  "UV_INDEX_STRATEGY",
  "UV_INDEX_URL",
  "UV_INSECURE_HOST",
  "UV_NATIVE_TLS",
  "UV_SYSTEM_CERTS",
  "all_proxy",
  "http_proxy",
  "https_proxy",
  "no_proxy",
] as const;

/**
 * The environment of the emulator's process. Lambdas find uv as `STRATA_UV`, the machine's interpreters as `STRATA_PYTHONS`, JSON
 * such as `{"3.12": "/usr/bin/python3.12"}`, and what packages of specs are built with as `STRATA_SPEC_REQUIREMENTS`.
 */
export function emulatorEnvironment(options: {
  readonly port: number;
  readonly paths: HomePaths;
  readonly tools: Tools;
  /** Folder with what packages of specs are built with. Without it, none can be built. */
  readonly specRequirements?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}): Record<string, string> {
  const { port, paths, tools, specRequirements, environment } = options;
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passedOn),
    // Node Lambdas run on the same Node as this process.
    PATH: [tools.bin, dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    HOME: paths.emptyHome,
    TMPDIR: paths.temporary,
    STATE_DIR: `${paths.temporary}/state`,
    S3_DATA_DIR: `${paths.temporary}/s3`,
    PYTHONUNBUFFERED: "1",
    BIND_HOST: "127.0.0.1",
    // Part of the host names of APIs. With an address it would be `<api>.execute-api.127.0.0.1`, which is no valid URL.
    MINISTACK_HOST: "localhost",
    GATEWAY_PORT: String(port),
    AUTH: "true",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    LAMBDA_EXECUTOR: "local",
    // Servers that we don't need. They would listen on ports of their own.
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    // Handlers run on the same Node as this process, and the SDK warns when it is old.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...toolEnvironment(tools),
    STRATA_CACHE: toolPaths(REPOSITORY).cache,
    ...(specRequirements === undefined ? {} : { STRATA_SPEC_REQUIREMENTS: specRequirements }),
  };
}
