// Findings of lecture 5: what its results show, as sentences that are computed from them.
import type {
  ConflictRow,
  FalseSharingRow,
  LayoutSumRow,
  LayoutTiming,
  LoopOrderRow,
  MountainRow,
  TransposeRow,
} from "../../measure/index.js";
import type { Finding } from "../finding.js";
import type { PredictedWalk, ProgramWalk, TorchLayoutRow, WaysFound } from "../layout/index.js";
import {
  inWasm,
  inJavaScript,
  least,
  most,
  range,
  viewRatios,
  viewFigures,
  fallTo16,
  languageGap,
  gapFigures,
  goodness,
  goodnessFigures,
  mountainFalls,
  strideFigures,
  others,
  worstFigures,
  channelsLast,
  byTime,
  ordersOf,
  ends,
  methodRatio,
  transposeFigures,
  columnRatios,
  columnFigures,
  waysFigures,
  sharingTimes,
  sharingFigures,
  sentence,
  asGivenFigures,
  sumRatio,
  type Rows,
  type TorchResult,
  type UnderWay,
  fewestUnderWay,
  underWayFigures,
} from "./layoutFigures.js";

export const lecture5 = {
  "view-order": {
    holds: (result) => Math.abs(viewRatios(result).memory - 1) <= 0.15 && viewRatios(result).own > 1.15,
    says: (result) => sentence(viewFigures(result), "it is the order of the walk that costs, and not the view"),
    otherwise: (result) => sentence(viewFigures(result)),
  } satisfies Finding<Rows<LayoutSumRow>>,
  "torch-operations": {
    holds: ({ rows }) => rows.some(({ ratio }) => ratio < 2) && rows.some(({ ratio }) => ratio >= 2),
    says: ({ rows }) => {
      const claimed = rows.filter(({ ratio }) => ratio >= 2 && ratio <= 10).length;
      const span = `From ${range(rows.map(({ ratio }) => ratio))} times`;
      return `${span}: ${claimed} of ${rows.length} operations lie within the claim.`;
    },
    otherwise: ({ rows }) => `From ${range(rows.map(({ ratio }) => ratio))} times, all on one side of 2.`,
  } satisfies Finding<Rows<TorchLayoutRow>>,
  "torch-as-given": {
    holds: (result) => result.asGiven < 2 && sumRatio(result) < 2,
    says: (result) => sentence(asGivenFigures(result), "two methods, two figures, and neither is near 2"),
    otherwise: (result) => sentence(asGivenFigures(result)),
  } satisfies Finding<TorchResult>,
  "stride-bandwidth": {
    holds: (result) => fallTo16(inWasm(result)) >= 2,
    says: (result) => strideFigures(result, "of the 16 that lines alone would make it"),
    otherwise: (result) => strideFigures(result, "though lines alone would make it 16"),
  } satisfies Finding<Rows<PredictedWalk>>,
  "languages-meet": {
    holds: (result) => languageGap(result).near > 1.2 && Math.abs(languageGap(result).far - 1) <= 0.25,
    says: (result) => sentence(gapFigures(result), "the first wait is for instructions, the second for memory"),
    otherwise: (result) => sentence(gapFigures(result)),
  } satisfies Finding<Rows<PredictedWalk>>,
  "lines-predict": {
    holds: (result) => most(goodness(result).beyond) < least(goodness(result).within),
    says: (result) => sentence(goodnessFigures(result), "a long step costs something that lines do not tell"),
    otherwise: (result) => sentence(goodnessFigures(result)),
  } satisfies Finding<Rows<PredictedWalk>>,
  "long-step": {
    holds: (result) => result.oneMachine && fewestUnderWay(result).lines < 0.8 * result.rows[0]!.lines,
    says: (result) =>
      sentence(underWayFigures(result), "so a long step keeps fewer lines under way, and pays more for each"),
    otherwise: (result) =>
      result.oneMachine
        ? sentence(underWayFigures(result))
        : "The walk and the chains are of two machines here, so their figures are not put together.",
  } satisfies Finding<UnderWay>,
  mountain: {
    holds: (result) => mountainFalls(result).far > 2 * mountainFalls(result).near,
    says: (result) => sentence(mountainFalls(result).says, "a stride costs most where lines come from far"),
    otherwise: (result) => sentence(mountainFalls(result).says),
  } satisfies Finding<Rows<MountainRow>>,
  "worst-order": {
    holds: ({ rows }) => others(rows).every(({ ratio, lines }) => ratio < lines),
    says: ({ rows }) => sentence(worstFigures({ rows }), "all other walks stay below what their lines would cost"),
    otherwise: ({ rows }) => {
      const above = others(rows).filter(({ ratio, lines }) => ratio >= lines);
      return `${worstFigures({ rows })}. ${above.length} other walks take longer than by their lines alone.`;
    },
  } satisfies Finding<Rows<ProgramWalk>>,
  "channels-last": {
    holds: (result) => channelsLast(result).channel > 1.1 && channelsLast(result).pixel < 0.9,
    says: (result) => sentence(channelsLast(result).says, "neither layout is the fast one, each fits one of the sums"),
    otherwise: (result) => sentence(channelsLast(result).says),
  } satisfies Finding<Rows<ProgramWalk>>,
  "loops-wasm": {
    holds: (result) => {
      const sorted = byTime(inWasm(result));
      return [0, 1].every((i) => ends(sorted[i], "j")) && [4, 5].every((i) => ends(sorted[i], "i"));
    },
    says: (result) => {
      const why = "those that end in j walk along rows, those that end in i down columns";
      return `In WebAssembly, ${ordersOf(inWasm(result))}: ${why}.`;
    },
    otherwise: (result) => `In WebAssembly, ${ordersOf(inWasm(result))}.`,
  } satisfies Finding<Rows<LoopOrderRow & LayoutTiming>>,
  "loops-javascript": {
    holds: (result) => [0, 1].every((i) => ends(byTime(inJavaScript(result))[i], "k")),
    says: (result) => {
      const why = "those that end in k keep their sum in a variable, and store nothing in the innermost loop";
      return `In JavaScript, ${ordersOf(inJavaScript(result))}: ${why}.`;
    },
    otherwise: (result) => `In JavaScript, ${ordersOf(inJavaScript(result))}.`,
  } satisfies Finding<Rows<LoopOrderRow & LayoutTiming>>,
  "transpose-tiles": {
    holds: (result) => {
      const naive = [methodRatio(result, "naive, reads rows"), methodRatio(result, "naive, writes rows")];
      return methodRatio(result, "tiled") < least(naive);
    },
    says: (result) => sentence(transposeFigures(result), "tiles use a line whole before it leaves"),
    otherwise: (result) => sentence(transposeFigures(result)),
  } satisfies Finding<Rows<TransposeRow & LayoutTiming>>,
  "column-of-512": {
    holds: (result) => columnRatios(result).power > 1.5 * most(columnRatios(result).rest),
    says: (result) => sentence(columnFigures(result), "as the sets said beforehand"),
    otherwise: (result) => sentence(columnFigures(result)),
  } satisfies Finding<Rows<ConflictRow & LayoutTiming>>,
  ways: {
    holds: (result) => Math.abs(waysFigures(result).twice - 2 * result.ways) <= 2 && waysFigures(result).flat < 1.3,
    says: (result) => sentence(waysFigures(result).says, "two sets keep twice as many, and sixty-four keep them all"),
    otherwise: (result) => sentence(waysFigures(result).says),
  } satisfies Finding<WaysFound>,
  "false-sharing": {
    holds: (result) => least(sharingTimes(result).shared) > 1.5 * most(sharingTimes(result).apart),
    says: (result) => sentence(sharingFigures(result), "the line of 64 bytes is what the threads share"),
    otherwise: (result) => sentence(sharingFigures(result)),
  } satisfies Finding<Rows<FalseSharingRow>>,
} satisfies Record<string, Finding<never>>;
