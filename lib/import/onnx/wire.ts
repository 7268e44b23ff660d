// Protobuf's wire format, read field by field. The reader is @bufbuild/protobuf's; here every length is checked against
// the message that holds it, and every error names an offset.
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { shown } from "../../check.js";
import { utf8 } from "../utf8.js";

export const who = "fromOnnx";

/** Messages within messages: a subgraph is four levels (node, attribute, graph, node). */
const maxDepth = 64;

/** A part of the file: nothing is copied. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** One field of a message: its number, and how to take its value. A value of another wire type is refused. */
export interface Field {
  readonly number: number;
  slice(): Slice;
  text(): string;
  integer(): number;
  /** One or, when packed, many integers are added to `list`. */
  integers(list: number[]): void;
  float(): number;
  floats(list: number[]): void;
  message(read: (field: Field) => void): void;
}

/**
 * Calls `read` for each field of `part`; a field that it does not take is skipped. `what` names the message in errors.
 */
export function eachField(part: Slice, what: string, read: (field: Field) => void, depth = 0): void {
  if (depth > maxDepth)
    throw new RangeError(`${who}: messages must nest at most ${maxDepth} deep, got more at offset ${part.offset}`);
  const reader = new BinaryReader(part.bytes);
  const at = (): number => part.offset + reader.pos;
  const failed = (start: number, error: unknown): never => {
    const got = shown(String((error as Error).message));
    throw new RangeError(`${who}: ${what} must be protobuf, got ${got} at offset ${part.offset + start}`);
  };
  while (reader.pos < reader.len) {
    const start = reader.pos;
    let number = 0;
    let type: WireType = WireType.Varint;
    let taken = false;
    try {
      [number, type] = reader.tag();
    } catch (error) {
      failed(start, error);
    }
    const need = (wanted: WireType): void => {
      taken = true;
      if (type === wanted) return;
      const must = `field ${number} of ${what} must have wire type ${wanted}`;
      throw new RangeError(`${who}: ${must}, got ${type} at offset ${part.offset + start}`);
    };
    const guarded = <T>(take: () => T): T => {
      try {
        return take();
      } catch (error) {
        return failed(start, error);
      }
    };
    const field: Field = {
      number,
      slice() {
        need(WireType.LengthDelimited);
        const length = guarded(() => reader.uint32());
        const from = reader.pos;
        const room = reader.len - from;
        if (length > room) {
          const must = `field ${number} of ${what} must end within its ${room} bytes`;
          throw new RangeError(`${who}: ${must}, got a length of ${length} at offset ${at()}`);
        }
        reader.pos = from + length;
        return { bytes: part.bytes.subarray(from, from + length), offset: part.offset + from };
      },
      text() {
        const { bytes, offset } = field.slice();
        return utf8(who, `field ${number} of ${what}`, bytes, offset);
      },
      integer() {
        need(WireType.Varint);
        return guarded(() => Number(reader.int64()));
      },
      integers(list) {
        if (type !== WireType.LengthDelimited) {
          list.push(field.integer());
          return;
        }
        const { bytes } = field.slice();
        const packed = new BinaryReader(bytes);
        guarded(() => {
          while (packed.pos < packed.len) list.push(Number(packed.int64()));
        });
      },
      float() {
        need(WireType.Bit32);
        return guarded(() => reader.float());
      },
      floats(list) {
        if (type !== WireType.LengthDelimited) {
          list.push(field.float());
          return;
        }
        const { bytes } = field.slice();
        const packed = new BinaryReader(bytes);
        guarded(() => {
          while (packed.pos < packed.len) list.push(packed.float());
        });
      },
      message(inner) {
        eachField(
          field.slice(),
          `field ${number} of ${what}`.replace(/^field \d+ of (field \d+ of )+/, `field ${number} of … `),
          inner,
          depth + 1,
        );
      },
    };
    read(field);
    if (!taken)
      guarded(() => {
        reader.skip(type, number);
      });
  }
}
