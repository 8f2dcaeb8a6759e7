/**
 * Environments of child processes. Strangers' code runs in them (build backends, imported modules), so they get only the
 * variables that are named here, and never `AWS_*`.
 */

/** What a connection to the package index needs: addresses, proxies, certificates. */
const NETWORK_VARIABLES = [
  "UV_DEFAULT_INDEX",
  "UV_INDEX",
  "UV_INDEX_STRATEGY",
  "UV_INDEX_URL",
  "UV_EXTRA_INDEX_URL",
  "UV_INSECURE_HOST",
  "UV_SYSTEM_CERTS",
  "UV_NATIVE_TLS",
  "UV_HTTP_TIMEOUT",
  "UV_HTTP_RETRIES",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
] as const;

/** For code that needs no network: the import test, and uv offline. `home` is an empty folder that the caller removes. */
export function bareEnvironment(home: string, own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return { PATH: own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", HOME: home, TMPDIR: home, LANG: "C.UTF-8" };
}

/**
 * For uv when it uses the package index, and for the build backends that it starts. `CC` and `CXX` are programs that always
 * fail. Sources that need a compiler are refused anyway; this way they fail at once, and in the same way on every machine.
 * Packages whose C part is optional are built without it.
 */
export function networkEnvironment(
  home: string,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const environment: Record<string, string> = {
    ...bareEnvironment(home, own),
    UV_HTTP_TIMEOUT: "20",
    UV_HTTP_RETRIES: "3",
    CC: "/bin/false",
    CXX: "/bin/false",
    PYTHONHASHSEED: "0",
    SOURCE_DATE_EPOCH: "315532800",
  };
  for (const name of NETWORK_VARIABLES) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
