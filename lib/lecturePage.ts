// What a lecture's page runs: everything that counts, predicts, draws and teaches. What reads files stands beside it in
// browser.ts. Re-exports, nothing else.
export * from "./counting.js";
export * from "./charts/index.js";
export * from "./lesson/inPage.js";
