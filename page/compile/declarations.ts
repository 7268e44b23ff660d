// The names that statements and patterns declare.
import type { AnyNode } from "acorn";

/** The names that a pattern binds: `a`, `{a, b: [c]}`, `a = 1`, `...a`. */
export function namesIn(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === "Property" ? property.value : property.argument),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    default:
      return [];
  }
}

/** The names that a list of statements declares itself, `var` included, and not what stands in blocks inside it. */
export function declaredIn(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((statement) => {
    switch (statement.type) {
      case "VariableDeclaration":
        return statement.declarations.flatMap(({ id }) => namesIn(id));
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return statement.id ? [statement.id.name] : [];
      case "ImportDeclaration":
        return statement.specifiers.map(({ local }) => local.name);
      default:
        return [];
    }
  });
}

/** The names that `var` declares in blocks inside a list of statements, functions left out. */
export function hoistedIn(statements: readonly AnyNode[]): string[] {
  const found: string[] = [];
  const visit = (node: AnyNode): void => {
    if (/Function|Class/.test(node.type)) return;
    if (node.type === "VariableDeclaration" && node.kind === "var")
      found.push(...node.declarations.flatMap(({ id }) => namesIn(id)));
    for (const value of Object.values(node))
      for (const child of [value].flat() as unknown[])
        if (typeof child === "object" && child !== null && "type" in child) visit(child as AnyNode);
  };
  statements.forEach(visit);
  return found;
}
