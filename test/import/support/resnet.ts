// ResNet-18 as an ONNX file with batch norms kept, written node by node; weights are zeros.
import { node, onnxFile, tensor, valueInfo, type Message } from "./proto.js";

/** An input [batch, 3, 224, 224], an output "logits". */
export function resnet18Onnx(): Uint8Array<ArrayBuffer> {
  const nodes: Message[] = [];
  const initialisers: Message[] = [];
  const weights = (path: string, ...entries: [string, number[]][]): string[] =>
    entries.map(([name, dims]) => {
      initialisers.push(tensor(`${path}.${name}`, dims));
      return `${path}.${name}`;
    });
  const convBn = (
    x: string,
    path: string,
    bn: string,
    [inC, outC, k, stride]: readonly [number, number, number, number],
  ): string => {
    const pad = (k - 1) / 2;
    nodes.push(
      node("Conv", [x, ...weights(path, ["weight", [outC, inC, k, k]])], [`${path}.y`], {
        name: `/${path}/Conv`,
        kernel_shape: [k, k],
        strides: [stride, stride],
        pads: [pad, pad, pad, pad],
      }),
    );
    nodes.push(
      node(
        "BatchNormalization",
        [
          `${path}.y`,
          ...weights(bn, ["weight", [outC]], ["bias", [outC]], ["running_mean", [outC]], ["running_var", [outC]]),
        ],
        [`${bn}.y`],
        { name: `/${bn}/BatchNormalization` },
      ),
    );
    return `${bn}.y`;
  };
  const relu = (x: string, path: string): string => {
    nodes.push(node("Relu", [x], [`${path}.y`], { name: `/${path}/Relu` }));
    return `${path}.y`;
  };

  let x = relu(convBn("input", "conv1", "bn1", [3, 64, 7, 2]), "relu");
  let channels = 64;
  nodes.push(
    node("MaxPool", [x], ["pool"], {
      name: "/maxpool/MaxPool",
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    }),
  );
  x = "pool";
  [64, 128, 256, 512].forEach((width, stage) =>
    [0, 1].forEach((block) => {
      const at = `layer${stage + 1}/${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const shortcut =
        stride === 2 ? convBn(x, `${at}/downsample.0`, `${at}/downsample.1`, [channels, width, 1, 2]) : x;
      const inner = convBn(
        relu(convBn(x, `${at}/conv1`, `${at}/bn1`, [channels, width, 3, stride]), `${at}/relu`),
        `${at}/conv2`,
        `${at}/bn2`,
        [width, width, 3, 1],
      );
      nodes.push(node("Add", [inner, shortcut], [`${at}.sum`], { name: `/${at}/Add` }));
      x = relu(`${at}.sum`, `${at}/relu_1`);
      channels = width;
    }),
  );
  nodes.push(
    node("GlobalAveragePool", [x], ["gap"], { name: "/avgpool/GlobalAveragePool" }),
    node("Flatten", ["gap"], ["flat"], { name: "/Flatten" }),
  );
  nodes.push(
    node("Gemm", ["flat", ...weights("fc", ["weight", [1000, 512]], ["bias", [1000]])], ["logits"], {
      name: "/fc/Gemm",
      transB: 1,
    }),
  );
  return onnxFile({
    nodes,
    initialisers,
    inputs: [valueInfo("input", ["batch", 3, 224, 224])],
    outputs: [valueInfo("logits", ["batch", 1000])],
    name: "resnet18",
  });
}
