// A copy of the project as git would clone it, with a lecture that tells how far it has come, and commands in it that
// can be killed.
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notebook } from "../support/notebook.js";

const root = join(import.meta.dirname, "../..");

/**
 * Leaves its process's number in a file at its start, and another file half-way; lingers after each where a file
 * `linger` is.
 */
const cells = [
  'import { existsSync, writeFileSync } from "node:fs";\n' +
    'import { setTimeout as sleep } from "node:timers/promises";\n' +
    'import { linear } from "../lib";',
  'writeFileSync("early", String(process.pid));\nif (existsSync("linger")) await sleep(3000);',
  'writeFileSync("late", "");\nif (existsSync("linger")) await sleep(3000);',
  "linear({ tokens: 1, inFeatures: 4, outFeatures: 4 }).macs;",
];

export type Run = { status: number | null; output: string; pid: number };

export class Clone {
  folder = join(realpathSync(mkdtempSync(join(tmpdir(), "ridgepoint-long-"))), "clone");

  constructor() {
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" })
      .trim()
      .split("\n");
    for (const name of files) if (existsSync(join(root, name))) cpSync(join(root, name), join(this.folder, name));
    writeFileSync(this.path("notebooks/long.ipynb"), notebook(cells));
    writeFileSync(this.path(".gitignore"), `${readFileSync(this.path(".gitignore"), "utf8")}early\nlate\nlinger\n`);
    this.git("init", "-q");
    this.git("add", "-A");
    this.git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-qm", "as cloned");
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  list(name: string): string[] {
    return this.has(name) ? readdirSync(this.path(name)) : [];
  }

  remove(...names: string[]): void {
    for (const name of names) rmSync(this.path(name), { recursive: true, force: true });
  }

  /** Where .venv keeps packages, once it has a place for them. */
  installed(): string[] {
    const folder =
      process.platform === "win32"
        ? ".venv/Lib/site-packages"
        : this.list(".venv/lib").map((python) => `.venv/lib/${python}/site-packages`)[0];
    return folder ? this.list(folder) : [];
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" });
  }

  /**
   * `npm start` with the one lecture. With `sign`, kills it and all that it started as soon as `sign` holds; status is
   * then null.
   */
  start(sign?: () => boolean): Promise<Run> {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|TEST$|NODE_OPTIONS|npm_)/.test(name)),
    );
    const child = spawn("npm", ["start", "--", "notebooks/long.ipynb"], {
      cwd: this.folder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    const watch = setInterval(() => {
      if (!sign?.()) return;
      clearInterval(watch);
      process.kill(-child.pid!, "SIGKILL");
      this.killKernel();
    }, 5);
    return new Promise((resolve) => {
      child.on("close", (status) => {
        clearInterval(watch);
        resolve({ status, output, pid: child.pid! });
      });
    });
  }

  /** A kernel has a group of its own, and does not see that who started it is gone. */
  private killKernel(): void {
    if (!this.has("notebooks/early")) return;
    try {
      process.kill(-Number(readFileSync(this.path("notebooks/early"), "utf8")), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}
