// Cuts the Learn room off the page's program: most visitors never open it, and it is nearly a fifth of what
// they would download. The room becomes a program of its own that works in the first one's memory and tables.
// A call into the room goes by a place in the table of functions that is empty until the room is there:
// web/src/view/fetched.rs loads it before the first lesson. What only the room calls moves along with it;
// what others call too stays, and is lent to it.
//
// apart.mjs BINARYEN PROGRAM REST ROOM: reads PROGRAM, with its functions' names, and writes the two.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , library, program, restPath, roomPath] = process.argv;
const { default: binaryen } = await import(pathToFileURL(library));
const bytes = readFileSync(program);

// What is called only when the lessons are there; links are read before that.
const own = /^<?udping_web::(view::learn|engine::lesson|engine::actors)::/;
const early = /::view::learn::(listen::|Learn::(new|leave|resized|translate|is_ready|wants_frame|follow)::)|::lesson::place::/;
// What may call it from outside of the room: the app that shows it, and the reader of JSON.
const doors = /^(udping_web::view::with::|udping_web::view::app::address::<impl udping_web::view::app::App>::follow_link|<?&?(mut )?udping_core::journal::tree::)/;
// Of two equal functions the compiler keeps one, under either's name: what anything else calls stays, and so
// does what is small and could be anybody's behind a pointer.
const small = 40;

const all = (count, at, info) => Array.from({ length: count }, (_, index) => info(at(index)));
const functionsOf = (module) => all(module.getNumFunctions(), module.getFunctionByIndex, binaryen.getFunctionInfo);
const lines = ({ body }) => binaryen.emitText(body).split("\n").length;

const rest = binaryen.readBinary(bytes);
const functions = functionsOf(rest);
const callers = new Map();
for (const { name, module, body } of functions) {
  if (module) continue;
  for (const [, quoted, plain] of binaryen.emitText(body).matchAll(/\(call \$(?:"(.*?)"|([^\s()]+))/g)) {
    const called = quoted ?? plain;
    callers.set(called, [...(callers.get(called) ?? []), name]);
  }
}
const closed = ({ name }) => (callers.get(name) ?? []).every((caller) => own.test(caller) || doors.test(caller));
const moved = functions.filter(
  (it) => !it.module && own.test(it.name) && !early.test(it.name) && lines(it) >= small && closed(it),
);
if (moved.length === 0) throw new Error(`${program} has no functions of the Learn room; were their names stripped?`);
const ends = ({ module, body }) => !module && binaryen.getExpressionId(body) === binaryen.UnreachableId;
const emptied = (list) => list.filter(ends).map(({ name }) => name);
const empty = new Set(emptied(functions));
const globals = all(rest.getNumGlobals(), rest.getGlobalByIndex, binaryen.getGlobalInfo);
const [table, externals] = all(rest.getNumTables(), rest.getTableByIndex, binaryen.getTableInfo);
if (externals.name !== "__wbindgen_externrefs") throw new Error("the tables are not in the order that wasm-bindgen gave them");

// The rest: a call by the table instead of every function that has moved.
const places = table.initial + moved.length;
moved.forEach(({ name, params, results }, index) => {
  const passed = binaryen.expandType(params).map((type, at) => rest.local.get(at, type));
  const called = rest.call_indirect(table.name, rest.i32.const(table.initial + index), passed, params, results);
  rest.removeFunction(name);
  rest.addFunction(name, params, results, [], called);
});
rest.removeTable(table.name);
rest.addTable(table.name, places, places);
// Before the pass, or it would empty the functions behind places that only the room calls.
rest.addTableExport(table.name, "lentTable");
rest.runPasses(["remove-unused-module-elements"]);
const kept = new Set(functionsOf(rest).map(({ name }) => name));
const lost = emptied(functionsOf(rest)).filter((name) => !empty.has(name));
if (lost.length > 0) throw new Error(`the room would call what the rest has emptied: ${lost.join(", ")}`);

// The room: everything that the rest has kept is imported from there.
const room = binaryen.readBinary(bytes);
for (const { name } of all(room.getNumExports(), room.getExportByIndex, binaryen.getExportInfo)) room.removeExport(name);
const segments = all(room.getNumElementSegments(), room.getElementSegmentByIndex, binaryen.getElementSegmentInfo);
for (const { name } of segments) room.removeElementSegment(name);
const lent = new Map();
const lend = (kind, name) => {
  const short = `lent${lent.size.toString(36)}`;
  lent.set(short, [kind, name]);
  return ["lent", short];
};
const alone = new Set(moved.map(({ name }) => name));
for (const { name, module, params, results } of functions) {
  // What the browser provides can be handed on only.
  if (!(kept.has(name) || module) || alone.has(name)) continue;
  room.removeFunction(name);
  room.addFunctionImport(name, ...lend("Function", name), params, results);
}
for (const { name, type, mutable } of globals) {
  room.removeGlobal(name);
  room.addGlobalImport(name, ...lend("Global", name), type, mutable);
}
room.removeTable(table.name);
room.addTable(table.name, places, places);
room.addTableImport(table.name, "lent", "lentTable");
room.addTableImport(externals.name, "lent", externals.name);
const memory = room.getMemoryInfo();
room.setMemory(memory.initial, -1, null, []);
room.addMemoryImport("0", "lent", "memory");
moved.forEach(({ name }, index) => {
  if (!kept.has(name)) return;
  room.addActiveElementSegment(table.name, `place ${index}`, [name], room.i32.const(table.initial + index));
});
room.runPasses(["remove-unused-module-elements"]);

const borrowed = [
  ...functionsOf(room).filter(({ module }) => module),
  ...all(room.getNumGlobals(), room.getGlobalByIndex, binaryen.getGlobalInfo),
];
const provided = new Map(functions.filter(({ module }) => module).map((it) => [it.name, it]));
for (const { base } of borrowed) {
  const [kind, name] = lent.get(base);
  if (!kept.has(name) && provided.has(name)) {
    const { module, base, params, results } = provided.get(name);
    rest.addFunctionImport(name, module, base, params, results);
  }
  rest[`add${kind}Export`](name, base);
}
for (const [module, path] of [[rest, restPath], [room, roomPath]]) {
  if (!module.validate()) throw new Error(`${path} would not be a valid program`);
  writeFileSync(path, module.emitBinary());
}
