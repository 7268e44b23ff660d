// What driver.py prints of a session with a kernel, and how to read it.

type Output = {
  type: string;
  name?: string;
  text?: string;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  data?: Record<string, string>;
};
export type Cell = {
  outputs: Output[];
  reply: { status: string; ename?: string; evalue?: string; traceback?: string[] } | null;
  idle: boolean;
};
export type Session = Record<string, Cell[]> & { ipc: { bound: string[]; cells: Cell[] | string } };

export const text = (cell: Cell, name = "stdout") =>
  cell.outputs
    .filter((o) => o.type === "stream" && o.name === name)
    .map((o) => o.text)
    .join("");
export const errors = (cell: Cell) => cell.outputs.filter((o) => o.type === "error");
export const streams = (cell: Cell) => cell.outputs.filter((o) => o.type === "stream");
