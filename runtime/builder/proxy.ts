/** How our own requests leave this machine: through the proxies that uv uses, so that one setting serves both. */
import { EnvHttpProxyAgent, type Dispatcher } from "undici";

/** Never through a proxy: a development platform's own addresses mean this machine, not the proxy's. */
const LOOPBACK = "localhost,127.0.0.1,[::1]";

/** The proxy for one address, empty for none, and the hosts that are reached without it, comma-separated. */
export interface ProxyChoice {
  readonly proxy: string;
  readonly noProxy: string;
}

/**
 * The proxy that the environment names for an address. As in uv, the upper-case name of a variable counts before the lower-case
 * one, `ALL_PROXY` stands in for the two others, a proxy without a scheme is an HTTP proxy, and `HTTP_PROXY` is for `http:` only.
 * Ranges such as `10.0.0.0/8` in `NO_PROXY` are understood by uv alone: write host names there.
 */
export function planProxy(url: string, environment: NodeJS.ProcessEnv): ProxyChoice {
  const read = (name: string) => environment[name] ?? environment[name.toLowerCase()] ?? "";
  const proxy = read(url.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY") || read("ALL_PROXY");
  const exceptions = read("NO_PROXY");
  return {
    proxy: proxy === "" || proxy.includes("://") ? proxy : `http://${proxy}`,
    // The agent knows a star only when it stands alone.
    noProxy: exceptions.trim() === "*" ? "*" : `${LOOPBACK},${exceptions}`,
  };
}

const agents = new Map<string, Dispatcher>();

/** The dispatcher for requests to an address. One is kept for each proxy, with its open connections. */
export function dispatcherFor(url: string, environment: NodeJS.ProcessEnv = process.env): Dispatcher {
  const { proxy, noProxy } = planProxy(url, environment);
  const key = `${proxy} ${noProxy}`;
  // Plain requests aren't tunnelled: many proxies allow tunnels to port 443 only.
  const options = { httpProxy: proxy, httpsProxy: proxy, noProxy, proxyTunnel: false };
  const agent = agents.get(key) ?? new EnvHttpProxyAgent(options);
  agents.set(key, agent);
  return agent;
}
