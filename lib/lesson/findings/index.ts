// All findings by id, in words. One lecture a file.
import type { Finding } from "../finding.js";
import { lecture1 } from "./lecture1.js";
import { lecture2 } from "./lecture2.js";
import { lecture3 } from "./lecture3.js";
import { lecture4 } from "./lecture4.js";
import { lecture5 } from "./lecture5.js";

export const findings: Readonly<Record<string, Finding<never>>> = {
  ...lecture1,
  ...lecture2,
  ...lecture3,
  ...lecture4,
  ...lecture5,
};
