// The document that charts are drawn in where there is no DOM: a worker. Elements, attributes, text, and the markup of
// them; no more than the charts and Plot ask for. What is asked for and not here is a TypeError, never a wrong picture.
import { escapeAttribute, escapeText, matcher, type Step } from "./markup.js";

const svgNamespace = "http://www.w3.org/2000/svg";

class DrawnText {
  parentNode: DrawnElement | null = null;
  constructor(
    readonly ownerDocument: DrawnDocument,
    public data: string,
  ) {}
  get textContent(): string {
    return this.data;
  }
  get outerHTML(): string {
    return escapeText(this.data);
  }
}

type DrawnNode = DrawnText | DrawnElement;

/** An element of a drawing. */
export class DrawnElement {
  parentNode: DrawnElement | null = null;
  readonly childNodes: DrawnNode[] = [];
  private readonly attributes = new Map<string, string>();
  constructor(
    readonly ownerDocument: DrawnDocument,
    readonly namespaceURI: string,
    readonly localName: string,
  ) {}

  get children(): DrawnElement[] {
    return this.childNodes.filter((node) => node instanceof DrawnElement);
  }
  get firstChild(): DrawnNode | null {
    return this.childNodes[0] ?? null;
  }
  get nextSibling(): DrawnNode | null {
    const { parentNode } = this;
    return parentNode ? (parentNode.childNodes[parentNode.childNodes.indexOf(this) + 1] ?? null) : null;
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }
  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }
  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, String(value));
  }
  setAttributeNS(_namespace: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  /** What is assigned to it is written at the end of the style attribute, in CSS's own spelling. */
  get style(): Record<string, unknown> {
    const write = (name: string, value: unknown): boolean => {
      const before = this.getAttribute("style");
      const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      this.setAttribute("style", `${before === null ? "" : `${before} `}${property}: ${String(value)};`);
      return true;
    };
    return new Proxy({ setProperty: write }, { set: (_, name, value) => write(String(name), value) });
  }

  append(...nodes: (DrawnNode | string)[]): void {
    for (const node of nodes) this.insertBefore(this.nodeOf(node), null);
  }
  prepend(...nodes: (DrawnNode | string)[]): void {
    const first = this.firstChild;
    for (const node of nodes) this.insertBefore(this.nodeOf(node), first);
  }
  appendChild<Node extends DrawnNode>(node: Node): Node {
    return this.insertBefore(node, null);
  }
  insertBefore<Node extends DrawnNode>(node: Node, before: DrawnNode | null): Node {
    node.parentNode?.removeChild(node);
    const at = before ? this.childNodes.indexOf(before) : this.childNodes.length;
    this.childNodes.splice(at, 0, node);
    node.parentNode = this;
    return node;
  }
  removeChild(node: DrawnNode): void {
    this.childNodes.splice(this.childNodes.indexOf(node), 1);
    node.parentNode = null;
  }
  remove(): void {
    this.parentNode?.removeChild(this);
  }
  replaceWith(node: DrawnNode): void {
    this.parentNode?.insertBefore(node, this);
    this.remove();
  }
  private nodeOf(node: DrawnNode | string): DrawnNode {
    return typeof node === "string" ? new DrawnText(this.ownerDocument, node) : node;
  }

  get textContent(): string {
    return this.childNodes.map((node) => node.textContent).join("");
  }
  set textContent(text: string) {
    this.childNodes.splice(0);
    if (String(text) !== "") this.append(String(text));
  }
  get outerHTML(): string {
    const attributes = [...this.attributes].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`);
    const inside = this.childNodes.map((node) => node.outerHTML).join("");
    return `<${this.localName}${attributes.join("")}>${inside}</${this.localName}>`;
  }

  /** All elements inside that `selectors` names, in their order: names of elements, classes of them not. */
  querySelectorAll(selectors: string): DrawnElement[] {
    const matches = matcher(selectors);
    const found: DrawnElement[] = [];
    const visit = (element: DrawnElement, above: readonly Step[]): void => {
      const path = [...above, element];
      if (matches(path)) found.push(element);
      for (const child of element.children) visit(child, path);
    };
    for (const child of this.children) visit(child, [this]);
    return found;
  }
  querySelector(selectors: string): DrawnElement | null {
    return this.querySelectorAll(selectors)[0] ?? null;
  }
  // A drawing hears no events, and stands in no page.
  readonly isConnected = false;
  addEventListener(): void {
    // nobody points at it
  }
}

/** Makes the elements of drawings. */
export class DrawnDocument {
  readonly documentElement: DrawnElement;
  constructor() {
    this.documentElement = this.createElement("html");
  }
  createElement(name: string): DrawnElement {
    return new DrawnElement(this, "http://www.w3.org/1999/xhtml", name);
  }
  createElementNS(namespace: string, name: string): DrawnElement {
    if (namespace !== svgNamespace)
      throw new TypeError(`internal: document: elements must be of ${svgNamespace}, got ${namespace}`);
    return new DrawnElement(this, namespace, name);
  }
  createTextNode(text: string): DrawnText {
    return new DrawnText(this, String(text));
  }
}
