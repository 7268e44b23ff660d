// Fault: a runtime error names the line of the compiled cell ("evalmachine.<anonymous>:7"), not the line that the
// reader wrote. Cure: both compilations (TypeScript to modules, modules to CommonJS) keep their source maps, and a
// stack is traced back through the two. Where: createConverter and esModuleToCommonJSModule in tslab/dist/converter.js.
"use strict";
const { SourceMap } = require("module");
const compiler = require("../compiler.cjs");

/**
 * The maps of the cell that ran last: from compiled to module code, and from there to the cell; and how many lines its
 * compiled code has.
 */
let maps = [];
let lines = 0;
/** tslab puts one line ("export {};") in front of every cell. */
const prefixLines = 1;
const inline = /\n?\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,([\w+/=]+)\s*$/;

function strip(code, keep) {
  const found = inline.exec(code);
  if (!found) return code;
  keep.push(new SourceMap(JSON.parse(Buffer.from(found[1], "base64").toString())));
  return code.slice(0, found.index);
}

/** Line and column (from 1) in the cell for those in the compiled cell; undefined for code that the compilers added. */
exports.original = (line, column) => {
  if (line > lines) return undefined; // the call of the wrapper that tslab puts around a cell
  let at = { originalLine: line - 1, originalColumn: column - 1 };
  for (const map of maps) {
    at = map.findEntry(at.originalLine, at.originalColumn);
    if (at?.originalLine === undefined) return undefined;
  }
  return maps.length && at.originalLine >= prefixLines
    ? { line: at.originalLine + 1 - prefixLines, column: at.originalColumn + 1 }
    : undefined;
};

/**
 * Must run before tslab/dist/converter is loaded: the compiler's exports are read-only, so the converter is given a
 * copy with two of them replaced.
 */
exports.cure = () => {
  const { path } = compiler;
  const ts = require(path);
  let captured = [];
  const replaced = {
    createWatchCompilerHost: (files, options, ...rest) =>
      ts.createWatchCompilerHost(files, { ...options, inlineSourceMap: true }, ...rest),
    transpileModule(input, options) {
      const first = [];
      const second = [];
      const out = ts.transpileModule(strip(input, first), {
        ...options,
        compilerOptions: { ...options.compilerOptions, inlineSourceMap: true },
      });
      const outputText = strip(out.outputText, second);
      captured = [...second, ...first];
      return { ...out, outputText };
    },
  };
  require.cache[path].exports = { ...ts, ...replaced };
  const converter = require("tslab/dist/converter");
  const { createConverter } = converter;
  converter.createConverter = (options) => {
    const made = createConverter(options);
    const { convert } = made;
    made.convert = (declarations, source) => {
      const result = convert(declarations, source);
      // The cell itself is compiled last, after the files that it imports.
      maps = result.output ? captured : [];
      lines = result.output ? result.output.split("\n").length : 0;
      return result;
    };
    return made;
  };
};
