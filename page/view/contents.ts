// The list of contents: open where it stands beside the text, and following the reader, whose place in it is marked.

/** Wide enough for the list to stand beside the text, as around.css has it. */
const beside = "(min-width: 64rem)";

export function followReader(): void {
  const list = document.querySelector<HTMLDetailsElement>(".contents");
  if (!list) return;
  const room = matchMedia(beside);
  const settle = (): void => {
    list.open = room.matches;
  };
  settle();
  room.addEventListener("change", settle);
  const links = [...list.querySelectorAll<HTMLAnchorElement>("a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))!);
  let current = -1;

  /** Marks the last heading that has come up to the upper part of the window. */
  function mark(): void {
    const now = headings.findLastIndex((heading) => heading.getBoundingClientRect().top < innerHeight / 8);
    if (now === current) return;
    links[current]?.removeAttribute("aria-current");
    current = now;
    links[now]?.setAttribute("aria-current", "location");
    if (room.matches) keepInView(links[now]);
  }

  /** Moves the list, and only the list, to its marked line. */
  function keepInView(link: HTMLElement | undefined): void {
    if (!link) return;
    const { top, bottom } = link.getBoundingClientRect();
    const box = list!.getBoundingClientRect();
    if (top < box.top + 40 || bottom > box.bottom - 40) list!.scrollTop += top - (box.top + box.bottom) / 2;
  }

  // Which heading has come up changes only where one crosses that line; one that is gone at the top has crossed it.
  const observer = new IntersectionObserver(mark, { rootMargin: "10000000px 0px -87.5% 0px" });
  headings.forEach((heading) => observer.observe(heading));
  // On a narrow screen the list closes behind who has chosen a line of it.
  list.addEventListener("click", (event) => {
    if (!room.matches && (event.target as Element).closest("a")) list.open = false;
  });
}
