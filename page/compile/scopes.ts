// Which names a cell defines at its top level, and where it uses names that it does not define.
import type { AnyNode, Program } from "acorn";
import { declaredIn, hoistedIn, namesIn } from "./declarations.js";

/** A name that is used and not defined where it is used. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** "shorthand" is the `{a}` of an object or of a pattern that is assigned to; "called" is `a(…)`. */
  readonly use: "plain" | "shorthand" | "called";
}

/** Names of one block or function, inside another. */
interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

type Functional = Extract<AnyNode, { params: unknown[] }>;

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** All uses of names that `program` does not itself define. */
export function freeNames(program: Program): Reference[] {
  const found: Reference[] = [];
  const top: Scope = { names: new Set([...declaredIn(program.body), ...hoistedIn(program.body)]), outer: undefined };
  for (const statement of program.body) visit(statement, top);
  return found;

  function use(node: { name: string; start: number; end: number }, scope: Scope, how: Reference["use"]): void {
    for (let at: Scope | undefined = scope; at; at = at.outer) if (at.names.has(node.name)) return;
    found.push({ name: node.name, start: node.start, end: node.end, use: how });
  }

  function visitAll(nodes: readonly (AnyNode | null | undefined)[], scope: Scope): void {
    for (const node of nodes) if (node) visit(node, scope);
  }

  /** A block, loop or clause with names of its own. */
  function inside(outer: Scope, names: Iterable<string>): Scope {
    return { names: new Set(names), outer };
  }

  function visit(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case "Identifier":
        return use(node, scope, "plain");
      case "CallExpression":
      case "TaggedTemplateExpression": {
        const callee = node.type === "CallExpression" ? node.callee : node.tag;
        if (callee.type === "Identifier") use(callee, scope, "called");
        else visit(callee, scope);
        return visitAll(node.type === "CallExpression" ? node.arguments : [node.quasi], scope);
      }
      case "MemberExpression":
        visit(node.object, scope);
        return node.computed ? visit(node.property, scope) : undefined;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        return visitProperty(node, scope);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return visitFunction(node, scope);
      case "ClassDeclaration":
      case "ClassExpression":
        return visitAll([node.superClass, node.body], inside(scope, node.id ? [node.id.name] : []));
      case "VariableDeclarator":
        binding(node.id, scope);
        return visitAll([node.init], scope);
      case "CatchClause": {
        const own = inside(scope, node.param ? namesIn(node.param) : []);
        if (node.param) binding(node.param, own);
        return visit(node.body, own);
      }
      case "BlockStatement":
      case "StaticBlock":
        return visitAll(node.body, inside(scope, declaredIn(node.body)));
      case "SwitchStatement":
        visit(node.discriminant, scope);
        return visitAll(node.cases, inside(scope, declaredIn(node.cases.flatMap((each) => each.consequent))));
      case "ForStatement":
        return visitChildren(node, inside(scope, node.init ? declaredIn([node.init]) : []));
      case "ForInStatement":
      case "ForOfStatement":
        return visitChildren(node, inside(scope, declaredIn([node.left])));
      case "LabeledStatement":
        return visit(node.body, scope);
      case "BreakStatement":
      case "ContinueStatement":
      case "ImportDeclaration":
      case "MetaProperty":
        return;
      default:
        return visitChildren(node, scope);
    }
  }

  function visitChildren(node: AnyNode, scope: Scope): void {
    for (const value of Object.values(node)) visitAll([value].flat().filter(isNode), scope);
  }

  function visitProperty(
    node: Extract<AnyNode, { type: "Property" | "MethodDefinition" | "PropertyDefinition" }>,
    scope: Scope,
  ): void {
    if (node.computed) visit(node.key, scope);
    if (!node.value) return;
    if (node.type !== "Property" || !node.shorthand) return visit(node.value, scope);
    // `{a}`, or `{a = 1}` where it is assigned to
    const value = node.value as AnyNode;
    const name = value.type === "AssignmentPattern" ? value.left : value;
    if (name.type === "Identifier") use(name, scope, "shorthand");
    if (value.type === "AssignmentPattern") visit(value.right, scope);
  }

  function visitFunction(node: Functional, scope: Scope): void {
    const params = node.params as AnyNode[];
    const body = node.body as AnyNode;
    const own = node.type === "FunctionExpression" && node.id ? [node.id.name] : [];
    const block = body.type === "BlockStatement" ? body.body : [];
    const names = [...own, ...params.flatMap(namesIn), ...declaredIn(block), ...hoistedIn(block), "arguments"];
    const arrow = node.type === "ArrowFunctionExpression";
    const inner = inside(scope, arrow ? names.slice(0, -1) : names);
    for (const param of params) binding(param, inner);
    if (body.type === "BlockStatement") visitAll(body.body, inner);
    else visit(body, inner);
  }

  /** A pattern that defines names: only its defaults and computed keys use any. */
  function binding(pattern: AnyNode, scope: Scope): void {
    switch (pattern.type) {
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "Property" && property.computed) visit(property.key, scope);
          binding(property.type === "Property" ? property.value : property.argument, scope);
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element) binding(element, scope);
        return;
      case "AssignmentPattern":
        binding(pattern.left, scope);
        return visit(pattern.right, scope);
      case "RestElement":
        return binding(pattern.argument, scope);
      default:
        return;
    }
  }
}
