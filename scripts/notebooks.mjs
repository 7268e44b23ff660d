// npm run notebooks: runs the lectures and stores their outputs in the notebooks, the same bytes on every run except in
// cells tagged `measured`.
import { lectures } from "./lectures.mjs";

process.exit(lectures("store"));
