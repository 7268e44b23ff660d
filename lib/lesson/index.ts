// What a cell calls. Re-exports, nothing else.
export * from "./inPage.js";
export { measured } from "./measured.js";
