/** Lets a graph exported for one picture take any number of them. */
import { changeField, type Graph } from './graph.ts';
import { readFields, textField, writeFields } from './protobuf-wire.ts';

/** Names the first dimension of inputs and outputs `batch`, and makes constant reshapes keep it. */
export function freeBatch(graph: Graph): void {
  graph.inputs = graph.inputs.map(nameFirstDimension);
  graph.outputs = graph.outputs.map(nameFirstDimension);
  for (const node of graph.nodes) {
    if (node.operator !== 'Reshape') continue;
    const shape = graph.constants.get(node.inputs[1] as string);
    if (shape?.kind !== 'int64' || shape.data.length < 2 || shape.data[0] !== 1) continue;
    const name = `${node.outputs[0]}_shape`;
    // 0 stands for "as the input has it".
    graph.constants.set(name, { ...shape, data: shape.data.with(0, 0) });
    node.inputs[1] = name;
  }
}

/** ValueInfoProto.type.tensor_type.shape.dim[0].dim_param. */
function nameFirstDimension(value: Uint8Array): Uint8Array {
  return changeField(value, 2, (type) =>
    changeField(type, 1, (tensor) =>
      changeField(tensor, 2, (shape) =>
        readFields(shape).length > 1 ? changeField(shape, 1, () => writeFields([textField(2, 'batch')])) : shape,
      ),
    ),
  );
}
