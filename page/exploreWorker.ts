// The worker of explore.html: files are read and models counted here, so that the page stays alive meanwhile.
import { answer } from "./explore/answer.js";
import type { Question, Report } from "./explore/messages.js";
import { DrawnDocument } from "./run/document.js";

const drawing = new DrawnDocument();

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  answer(data, drawing).then(
    (report: Report) => postMessage({ report }),
    (error: unknown) => postMessage({ failed: String(error) }),
  );
});
