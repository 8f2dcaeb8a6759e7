/** Sends our own requests through the same proxies as uv, so that one setting serves both. */
import { EnvHttpProxyAgent, type Dispatcher } from "undici";

/** These never go through a proxy: on a development platform they mean this machine. */
const LOOPBACK = "localhost,127.0.0.1,[::1]";

/** The proxy for one address, empty for none, and the hosts that are reached without it, comma-separated. */
interface ProxyChoice {
  readonly proxy: string;
  readonly noProxy: string;
}

/**
 * The proxy for an address, from the environment. The rules are those of uv: the upper-case name of a variable comes before the
 * lower-case one, `ALL_PROXY` is used where neither of the two others is set, a proxy without a scheme is an HTTP proxy, and
 * `HTTP_PROXY` is for `http:` only. Only uv understands ranges such as `10.0.0.0/8` in `NO_PROXY`, so write host names there.
 */
export function planProxy(url: string, environment: NodeJS.ProcessEnv): ProxyChoice {
  const read = (name: string) => environment[name] ?? environment[name.toLowerCase()] ?? "";
  const proxy = read(url.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY") || read("ALL_PROXY");
  const exceptions = read("NO_PROXY");
  return {
    proxy: proxy === "" || proxy.includes("://") ? proxy : `http://${proxy}`,
    // The agent understands a star only when it is the whole value.
    noProxy: exceptions.trim() === "*" ? "*" : `${LOOPBACK},${exceptions}`,
  };
}

const agents = new Map<string, Dispatcher>();

/** The dispatcher for requests to an address. There is one for each proxy; it keeps its connections open. */
export function dispatcherFor(url: string, environment: NodeJS.ProcessEnv = process.env): Dispatcher {
  const { proxy, noProxy } = planProxy(url, environment);
  const key = `${proxy} ${noProxy}`;
  // Plain HTTP requests don't use a tunnel, because many proxies allow tunnels to port 443 only.
  const options = { httpProxy: proxy, httpsProxy: proxy, noProxy, proxyTunnel: false };
  const agent = agents.get(key) ?? new EnvHttpProxyAgent(options);
  agents.set(key, agent);
  return agent;
}
