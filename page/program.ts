// The programs that stand in a page packed, as text, until they are used.

/** The text of the element of that id. */
export const textOf = (id: string): string => document.getElementById(id)!.textContent!;

/** A program of the page, unpacked. */
export async function program(id: string): Promise<string> {
  const bytes = Uint8Array.from(atob(textOf(id)), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}
