// Run before each file of the library's tests, which share a process: what a file hosts ends with it.
import { afterAll } from "vitest";
import { hostLessons } from "../../lib/lesson/display.js";

afterAll(() => hostLessons(undefined));
