import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

/** A TCP socket in state LISTEN. IPv6 addresses are without brackets; `*` is every address. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

/** The addresses that a process listens on, as the operating system reports them. */
export async function listenersOf(pid: number): Promise<readonly Listener[]> {
  return process.platform === "linux" ? listenersOnLinux(pid) : listenersByLsof(pid);
}

/** Whether an address is reached from this machine only. */
export function isLoopback(address: string): boolean {
  return /^127\.\d+\.\d+\.\d+$|^::1$|^::ffff:127\.\d+\.\d+\.\d+$/.test(address);
}

async function listenersOnLinux(pid: number): Promise<readonly Listener[]> {
  const directory = `/proc/${String(pid)}`;
  const open = await readdir(`${directory}/fd`);
  const links = await Promise.all(open.map((fd) => readlink(`${directory}/fd/${fd}`).catch(() => "")));
  const inodes = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((table) => readFile(`${directory}/net/${table}`, "utf8").catch(() => "")),
  );
  return parseTables(tables.join("\n"))
    .filter(({ inode }) => inodes.has(inode))
    .map(({ address, port }) => ({ address, port }));
}

/** Reads the listening sockets of /proc/net/tcp and tcp6 (format: proc(5); state 0A is LISTEN). */
export function parseTables(text: string): readonly (Listener & { readonly inode: string })[] {
  return text.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [address, port] = local.split(":");
    if (state !== "0A" || address === undefined || port === undefined) return [];
    return [{ address: parseAddress(address), port: Number.parseInt(port, 16), inode }];
  });
}

/** Words of 32 bits in the order of the machine: little-endian on x86_64 and arm64. */
function parseAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, "hex")].reverse());
  if (bytes.length === 4) return bytes.join(".");
  const last = bytes.slice(12);
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255) return `::ffff:${last.join(".")}`;
  if (bytes.slice(0, 15).every((byte) => byte === 0))
    return bytes[15] === 0 ? "::" : `::${String(bytes[15])}`;
  return Buffer.from(bytes).toString("hex");
}

/** lsof is part of macOS. */
async function listenersByLsof(pid: number): Promise<readonly Listener[]> {
  const options = ["-nP", "-a", "-p", String(pid), "-iTCP", "-sTCP:LISTEN", "-Fn"];
  const { stdout } = await promisify(execFile)("lsof", options);
  return stdout.split("\n").flatMap((line) => {
    const [, address, port] = /^n\[?(.+?)\]?:(\d+)$/.exec(line) ?? [];
    return address === undefined ? [] : [{ address, port: Number(port) }];
  });
}
