// Everything public says what it is where the reader points at it: each export, each property of a record, each option.
import { join } from "node:path";
import { Application, Logger, TSConfigReader, TypeDocReader, type LogLevel, type ProjectReflection } from "typedoc";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** Keeps what typedoc has to say, in plain text. */
class Kept extends Logger {
  readonly said: string[] = [];
  override log(message: string, level: LogLevel): void {
    super.log(message, level);
    this.said.push(message);
  }
}

/**
 * `room/file.ts Interface.property` for each name in the reference that has no sentence of its own. The attributes of
 * an op are told of by the keys of its layer's shape, whose names they have.
 */
function undocumented(app: Application, project: ProjectReflection): string[] {
  const kept = new Kept();
  app.logger = kept;
  app.validate(project);
  const missing = /(\S+) \(\w+\), defined in [^/]+\/(\S+), does not have any documentation/;
  const names = kept.said.flatMap((message) => {
    const [, name, file] = missing.exec(message) ?? [];
    return name === undefined ? [] : [`${file} ${name.split(".").slice(1).join(".")}`];
  });
  return [...new Set(names)].filter((name) => !name.includes("__type")).sort();
}

it("each public name and property has a sentence of its own", { timeout: 240_000 }, async () => {
  const options = {
    options: join(root, "typedoc.json"),
    validation: { notDocumented: true },
    logLevel: "None",
  } as const;
  const app = await Application.bootstrap(options, [new TypeDocReader(), new TSConfigReader()]);
  const project = (await app.convert())!;
  expect(undocumented(app, project)).toEqual([]);
  delete project.getChildByName(["counting", "Device", "bandwidth"])!.comment;
  expect(undocumented(app, project)).toEqual(["roofline.ts Device.bandwidth"]);
});
