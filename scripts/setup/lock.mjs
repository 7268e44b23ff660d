// One at a time in this folder. The lock is a folder that holds its owner's description and appears by one renaming, so
// that it is never seen half made. It outlives a killed owner; who finds it then takes it over at once, unless what the
// owner had started still runs.
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identity, runs } from "./processes.mjs";

const every = 250; // ms between two looks of one who waits
const beat = 2_000; // ms between two signs of life of the owner
const silence = 120; // looks without a sign of life, after which an owner that cannot be looked up counts as gone

/** The owner's token travels to the processes that it starts: they work under its lock. */
const inherited = "RIDGEPOINT_SETUP";

/**
 * Runs `work` while holding the lock at `path`. `work` gets the environment for what it starts, and `started(pid)` to
 * call for each.
 * Says so, once, if another process holds it.
 */
export async function locked(path, work) {
  const above = process.env[inherited];
  if (above && ownerOf(path)?.token === above) return work({ env: process.env, started() {} });
  const owner = {
    token: `${process.pid}-${randomBytes(6).toString("hex")}`,
    host: hostname(),
    ...identity(process.pid),
  };
  await acquire(path, owner);
  const heart = setInterval(() => touch(path), beat).unref();
  try {
    sweep(dirname(path));
    return await work({
      env: { ...process.env, [inherited]: owner.token },
      started: (pid) => describe(path, { ...owner, child: identity(pid) }),
    });
  } finally {
    clearInterval(heart);
    discard(path, owner);
  }
}

async function acquire(path, owner) {
  let said = false;
  let last;
  let looks = 0;
  for (;;) {
    const found = attempt(path, owner, (other) => gone(other, looks));
    if (!found) return;
    if (!said) console.log(`another set-up is running here${found.pid ? ` (process ${found.pid})` : ""}: waiting …`);
    said = true;
    looks = found.beat === last ? looks + 1 : 0;
    last = found.beat;
    await sleep(every);
  }
}

/** Whether nobody works under `owner`'s lock any more. */
function gone(owner, looks) {
  if (owner.token === undefined) return true;
  const here = owner.host === hostname();
  if (here && (runs(owner) || (owner.child && runs(owner.child))))
    return owner.started === undefined && looks > silence;
  return here || looks > silence;
}

/**
 * Takes the lock, or returns who has it. A dead owner's lock may be removed only under a lock of its own: or two would,
 * one after the other.
 */
function attempt(path, owner, dead) {
  for (let tries = 0; ; tries++) {
    if (place(path, owner)) return undefined;
    const found = ownerOf(path);
    if (!found) {
      if (tries > 100) throw new Error(`the set-up's lock must appear at ${path}, got nothing in ${tries} tries`);
      continue; // released meanwhile
    }
    if (!dead(found)) return found;
    const breaking = attempt(`${path}.break`, owner, (other) => gone(other, 0));
    if (breaking) return breaking;
    const again = ownerOf(path);
    if (again && dead(again)) discard(path, owner);
    discard(`${path}.break`, owner);
  }
}

function place(path, owner) {
  const folder = dirname(path);
  const own = join(folder, `new-${owner.token}`);
  open(folder);
  try {
    mkdirSync(own);
    writeFileSync(join(own, "owner.json"), JSON.stringify(owner));
    renameSync(own, path); // fails where a lock lies, since that is not empty
    return true;
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (["EEXIST", "ENOTEMPTY", "ENOENT"].includes(error.code) || existsSync(path) || error.syscall === "rename")
      return false;
    throw error;
  }
}

/** Makes the lock's folder. Not by `recursive`, which takes a read-only file system for a folder that is missing. */
function open(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

/** Takes the folder away if nobody has anything in it. */
function close(folder) {
  try {
    rmdirSync(folder);
  } catch {
    // Another works in it, or has taken it away.
  }
}

/** Takes away what killed processes left in the lock's folder: <what>-<process>-<random>. */
function sweep(folder) {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^[a-z]+-(\d+)-/.exec(name)?.[1]);
    if (pid && !runs({ pid })) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Who holds the lock; undefined where there is none, and {} where it says nothing. */
function ownerOf(path) {
  const file = join(path, "owner.json");
  try {
    return { ...JSON.parse(readFileSync(file, "utf8")), beat: statSync(file).mtimeMs };
  } catch {
    return existsSync(path) ? {} : undefined;
  }
}

function describe(path, owner) {
  const file = join(path, "owner.json");
  try {
    writeFileSync(`${file}.new`, JSON.stringify(owner));
    renameSync(`${file}.new`, file);
  } catch {
    // A reader on Windows may hold the file open; the lock is ours all the same.
  }
}

function touch(path) {
  const now = new Date();
  try {
    utimesSync(join(path, "owner.json"), now, now);
  } catch {
    // As above.
  }
}

/** Moved away first: a folder that is being emptied would look like a lock without an owner. */
function discard(path, owner) {
  const old = join(dirname(path), `old-${owner.token}`);
  try {
    renameSync(path, old);
  } catch (error) {
    if (error.code !== "ENOENT") rmSync(path, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
  close(dirname(path));
}
