// The part of the notebook format (nbformat 4.5) that the tests read and write.
export type Data = Record<string, string | string[]>;
export type Output = {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  name?: string;
  text?: string | string[];
  data?: Data;
  ename?: string;
  evalue?: string;
};
export type Cell = {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  source: string | string[];
  metadata: { tags?: string[]; slideshow?: { slide_type?: string } };
  outputs?: Output[];
  execution_count?: number | null;
};
export type Notebook = {
  cells: Cell[];
  metadata: { kernelspec?: { name: string }; language_info?: { name: string } };
  nbformat: number;
  nbformat_minor: number;
};

/** Text is kept as a string or as its lines. */
export const joined = (text: string | string[] = "") => (typeof text === "string" ? text : text.join(""));
export const isMeasured = (cell: Cell) => cell.metadata.tags?.includes("measured") ?? false;
export const codeCells = (notebook: Notebook) => notebook.cells.filter((cell) => cell.cell_type === "code");
/** Outputs with each text as one string, however the file keeps it. */
export const plainly = (outputs: Output[]) =>
  outputs.map((output) => ({
    ...output,
    ...(output.text && { text: joined(output.text) }),
    ...(output.data && {
      data: Object.fromEntries(
        Object.entries(output.data).map(([type, value]) => [
          type,
          typeof value === "string" || Array.isArray(value) ? joined(value) : value,
        ]),
      ),
    }),
  }));

/** A notebook of code cells, as a file's text. */
export function notebook(sources: string[]): string {
  const cells: Cell[] = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  return JSON.stringify({
    cells,
    metadata: {
      kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
