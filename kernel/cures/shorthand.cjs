// Fault: `{flops}` in a cell, where `flops` comes from an earlier one, is a ReferenceError: tslab rewrites the names of
// earlier cells, but asks the compiler for the symbol of a shorthand property and is given the property's. Cure:
// shorthands are spelt out before the cell is converted. Where: wrapPrevIdentifier in tslab/dist/converter.js.
"use strict";
const converter = require("tslab/dist/converter");
const compiler = require("../compiler.cjs");

const ts = require(compiler.path);

/** `{a, b}` -> `{a: a, b: b}`, in object literals only; patterns, which look alike, are left as they are. */
function spelledOut(source) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
  const ends = [];
  const isTarget = (node) => {
    // ({a} = x) and for ({a} of xs): an assignment pattern, parsed as a literal.
    let child = node;
    for (let parent = node.parent; parent; parent = parent.parent) {
      if (ts.isBinaryExpression(parent))
        return parent.left === child && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === child;
      if (!(
        ts.isObjectLiteralExpression(parent) ||
        ts.isArrayLiteralExpression(parent) ||
        ts.isPropertyAssignment(parent) ||
        ts.isSpreadElement(parent) ||
        ts.isParenthesizedExpression(parent)
      ))
        return false;
      child = parent;
    }
    return false;
  };
  (function walk(node) {
    if (ts.isShorthandPropertyAssignment(node) && !node.objectAssignmentInitializer && !isTarget(node.parent))
      ends.push([node.name.getStart(file), node.name.end]);
    ts.forEachChild(node, walk);
  })(file);
  return ends
    .reverse()
    .reduce((text, [start, end]) => `${text.slice(0, end)}: ${text.slice(start, end)}${text.slice(end)}`, source);
}

exports.spelledOut = spelledOut;
exports.cure = () => {
  const { createConverter } = converter;
  converter.createConverter = (options) => {
    const made = createConverter(options);
    const { convert } = made;
    made.convert = (declarations, source) => convert(declarations, spelledOut(source));
    return made;
  };
};
