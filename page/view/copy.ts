// A button on code that copies it.

/** Gives a cell's code its button; `source` is the code as the reader has it then. */
export function addCopy(section: HTMLElement, about: string, source: () => Promise<string>): void {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.setAttribute("aria-label", `Copy: ${about}`);
  const tell = (text: string): void => {
    copy.textContent = text;
    setTimeout(() => {
      copy.textContent = "Copy";
    }, 2000);
  };
  copy.addEventListener("click", () => {
    source()
      .then((text) => navigator.clipboard.writeText(text))
      .then(
        () => tell("Copied"),
        () => tell("Not allowed here"),
      );
  });
  section.querySelector(".highlight")!.before(copy);
}
