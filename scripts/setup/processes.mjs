// Whether a process that was written down still runs. A number alone does not tell: systems give it out again.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * { pid, started }: `started` tells apart two processes of one number; undefined where the system does not say
 * (Windows).
 */
export const identity = (pid) => ({ pid, started: look(pid)?.started });

export function runs({ pid, started }) {
  if (!exists(pid)) return false;
  const now = look(pid);
  if (now?.ended) return false;
  return started === undefined || now === undefined || now.started === started;
}

function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // it runs, and is another user's
  }
}

function look(pid) {
  if (process.platform === "linux") return fromProc(pid);
  if (process.platform !== "win32") return fromPs(pid);
  return undefined;
}

function fromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything; after it come the state and, as the twentieth field, the start in
    // ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { started: `${boot()}/${fields[19]}`, ended: "ZX".includes(fields[0]) };
  } catch {
    return undefined;
  }
}

function boot() {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function fromPs(pid) {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const { status, stdout } = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8", env });
  if (status !== 0) return undefined;
  const [state, ...started] = stdout.trim().split(/\s+/);
  return { started: started.join(" "), ended: state.startsWith("Z") };
}
