// What explore answers, as the page shows it: facts, tables and pictures, as texts. Every figure is lib's; here it is
// given a name and a prefix. Pure but for the document that charts are drawn in.
import { si, type Explored } from "../../lib/browser.js";
import { commandLine, type CommandName } from "./commandLine.js";
import type { Drawing, Printed, Question, Report, Section } from "./messages.js";
import { costSection, described, partsSection } from "./reportCost.js";
import { fitsSection, verdictOf } from "./reportFits.js";
import { rooflineSection } from "./reportRoofline.js";

/** An error without the name of the command, so that two can be seen to be the same. */
const bare = (error: string | undefined): string | undefined => error?.replace(/^(count|roofline|fits): /, "");

/** All that is told of what was asked: `name` is what the command line would be given. */
export function reportOf(
  found: Explored,
  { device, options, width }: Omit<Question, "source">,
  name: string,
  document: unknown,
): Report {
  const depth = /^\d{1,3}$/.test(options.depth ?? "") ? Number(options.depth) : 1;
  const drawing: Drawing = { document, width };
  const failed = found.count.error;
  const sections = [
    costSection(found),
    rooflineSection(found, drawing),
    fitsSection(found, drawing),
    partsSection(found, depth),
  ];
  return {
    title: found.model?.name ?? String(found.count.record?.name ?? name),
    about: found.model ? described(found.model.workload) : "",
    said: failed ?? sentence(found),
    refused: failed !== undefined,
    // A model that cannot be read is said once.
    sections: sections.filter(
      (each): each is Section => each !== undefined && (failed === undefined || bare(each.error) !== bare(failed)),
    ),
    printed: (["count", ...(device === "" ? [] : (["roofline", "fits"] as const))] as const).map((command) =>
      printed(command, found, commandLine(command, name, device, options)),
    ),
  };
}

function sentence({ count, roofline, fits, device, model }: Explored): string {
  const { macs, params, bytesRead, bytesWritten } = count.record as Record<string, number | null>;
  const costs = [
    params === null || params === undefined ? "" : `${si(params)} parameters`,
    typeof macs === "number" ? `${si(macs)} MACs` : "",
    model?.unpriced === undefined && typeof bytesRead === "number" ? `${si(bytesRead + bytesWritten!, "B")} moved` : "",
  ];
  const bound = roofline?.record ? [`${String(roofline.record.bound)}-bound on ${device!.name}`] : [];
  const verdict = fits?.record ? [verdictOf(fits.record)] : [];
  return [...costs, ...bound, ...verdict].filter(Boolean).join(", ");
}

/** What a command prints: one object, or its line. A value that JSON has no number for becomes null. */
function printed(command: CommandName, found: Explored, line: string): Printed {
  const { record, error } = found[command]!;
  return { line, text: error === undefined ? JSON.stringify(record, null, 2) : `ridgepoint ${error}` };
}
