// From a question to its report: explore, then words and pictures. Runs in the page's worker, and in tests as it is.
import { explore, type BlobLike, type ExploreSource } from "../../lib/browser.js";
import type { GivenFile, Question, Report } from "./messages.js";
import { reportOf } from "./report.js";

/** What is read of a file, under the name that its page gave it. */
const named = ({ path, blob }: GivenFile): BlobLike => ({
  name: path,
  size: blob.size,
  slice: (start, end) => blob.slice(start, end),
});

/** What the command line would be given: a model's name, a file, or the folder that the files lie in. */
export function placeOf(source: Question["source"]): string {
  if (typeof source === "string") return source.trim().startsWith("{") ? "config.json" : source.trim();
  const paths = source.map(({ path }) => path);
  if (paths.length === 1) return paths[0]!;
  const one = paths.filter((path) => /\.onnx$/i.test(path));
  if (one.length === 1) return one[0]!;
  if (paths.every((path) => /\.gguf$/i.test(path))) return [...paths].sort()[0] ?? "files";
  const top = paths[0]?.split("/")[0] ?? "files";
  return paths.every((path) => path.startsWith(`${top}/`)) ? `./${top}` : ".";
}

/** Asks lib, and says what it answers. */
export async function answer({ source, ...asked }: Question, document: unknown): Promise<Report> {
  const given: ExploreSource = typeof source === "string" ? source : source.map(named);
  const { device, options } = asked;
  const found = await explore(given, device === "" ? options : { ...options, device });
  return reportOf(found, asked, placeOf(source), document);
}
