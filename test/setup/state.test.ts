// What the set-up takes for whole, and why it makes the rest anew.
import { describe, expect, test } from "vitest";

type Stamp = { requirements: string; folder: string; python?: string };
type Entry = { version?: string; optional?: boolean; link?: boolean };
type Tree = { packages: Record<string, Entry> };
const { lackOfNode, lackOfPackages, lackOfVenv } = (await import(
  new URL("../../scripts/setup/state.mjs", import.meta.url).href
)) as {
  lackOfNode(features: { require_module?: boolean }, version: string): string | undefined;
  lackOfPackages(lock: Tree, installed: Tree | undefined, has: (path: string) => boolean): string | undefined;
  lackOfVenv(
    exists: boolean,
    stamp: Stamp | undefined,
    wanted: Stamp,
    answer?: { version: string; missing: string[] },
  ): string | undefined;
};

describe(".venv", () => {
  const wanted = { requirements: "a", folder: "/here" };
  const stamp = { ...wanted, python: "3.11" };
  const answer = { version: "3.11", missing: [] };

  test("is whole where its stamp and its Python agree with what is asked for", () => {
    expect(lackOfVenv(true, stamp, wanted, answer)).toBeUndefined();
  });
  test.each([
    ["not there", false, undefined, undefined, "there is none"],
    ["without a stamp: its maker was killed", true, undefined, undefined, "the one there was not finished"],
    ["moved", true, { ...stamp, folder: "/there" }, answer, "the one there was made in another folder"],
    ["without the Python it was made of", true, stamp, undefined, "its Python no longer runs"],
    [
      "under an upgraded Python",
      true,
      stamp,
      { version: "3.12", missing: ["pip"] },
      "it was made for Python 3.11, which is 3.12 now",
    ],
    ["of an older requirements.txt", true, { ...stamp, requirements: "b" }, answer, "requirements.txt has changed"],
    ["without a package", true, stamp, { version: "3.11", missing: ["nbclient"] }, "it has lost nbclient"],
  ])("%s is made anew", (_, exists, has, says, lack) => {
    expect(lackOfVenv(exists, has, wanted, says)).toBe(lack);
  });
});

describe("node_modules", () => {
  const a = { version: "1.0.0" };
  const other = { version: "1.0.0", optional: true };
  const lock = {
    packages: {
      "": {},
      lib: a,
      "node_modules/a": a,
      "node_modules/ours": { link: true },
      "node_modules/windows": other,
    },
  };
  const installed = { packages: { lib: a, "node_modules/a": a, "node_modules/ours": { link: true } } };
  const all = () => true;

  test("is whole where npm's record names each package that is not for other systems, and each is there", () => {
    expect(lackOfPackages(lock, installed, all)).toBeUndefined();
  });
  test("without npm's record was not finished", () => {
    expect(lackOfPackages(lock, undefined, all)).toBe("there are none");
  });
  test("of another lock file is stale", () => {
    expect(
      lackOfPackages({ packages: { ...lock.packages, "node_modules/a": { version: "1.0.1" } } }, installed, all),
    ).toBe("package-lock.json asks for another a");
    expect(lackOfPackages({ packages: { ...lock.packages, "node_modules/b": a } }, installed, all)).toBe(
      "package-lock.json asks for another b",
    );
  });
  test("that has lost a package is not whole", () => {
    expect(lackOfPackages(lock, installed, (path) => path !== "node_modules/a/package.json")).toBe(
      "node_modules/a is missing",
    );
  });
});

describe("Node", () => {
  test.each([["20.19.0"], ["22.12.0"], ["24.0.0"]])("%s, which loads a module by require, will do", (version) => {
    expect(lackOfNode({ require_module: true }, version)).toBeUndefined();
  });
  test.each([
    ["20.18.1", {}],
    ["21.7.3", {}],
    ["22.11.0", { require_module: false }],
  ])("%s, which does not, gets one line", (version, features) => {
    expect(lackOfNode(features, version)).toBe(
      "Ridgepoint needs Node 20.19 or newer of the 20s, or 22.12 or newer; " +
        `this is ${version}. Install a newer Node from nodejs.org.`,
    );
  });
});
