// The names that the library exports, each with its kind and the first sentence that is written of it.
import ts from "typescript";

/** Of the declarations in `file`: `{ name, kind, line }` for each name, in the alphabet's order. */
export function libraryNames(file) {
  const program = ts.createProgram([file], { module: ts.ModuleKind.NodeNext, skipLibCheck: true });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .map((symbol) => ({
      name: symbol.name,
      kind: kindOf(symbol, checker),
      line: firstSentence(ts.displayPartsToString(symbol.getDocumentationComment(checker))),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf(symbol, checker) {
  if (symbol.flags & ts.SymbolFlags.Class) return "class";
  if (symbol.flags & ts.SymbolFlags.Function) return "function";
  if (!(symbol.flags & ts.SymbolFlags.Variable)) return "type";
  const type = checker.getTypeOfSymbol(symbol);
  return type.getCallSignatures().length > 0 ? "function" : "variable";
}

const firstSentence = (text) =>
  text
    .replace(/\s+/g, " ")
    .split(/(?<=[.;]) (?=[A-Z])/)[0]
    .trim();
