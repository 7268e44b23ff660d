// What measures in a lecture's page, as a program of its own: the worker loads it when the reader asks for figures of
// the machine in front of them, and until then nobody parses it.
export * from "../lib/measuring.js";
