"""The ranking arithmetic as an ONNX graph without figures of its own: the table hands over its arrays.

The graph is the same for every table with as many rows; a session reads `nid`, `w8` and `ws` straight from the bytes
of the table's file as external initialisers. Opset 18 and IR 9 are old enough for every onnxruntime of the last years.

Input `ids` int32 [1, 20]: item index + 1, newest last, 0 in front where the basket is shorter.
Outputs `item` int64 [64]: item index + 1, highest score first, the lower index wins a tie; `score` float32 [64];
`confidence` float32 [1]. A score of 0 or less is no answer: nothing in the window pulls that item.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from edgeshop.recommend.services.ranker import HITS_AT, PLACE_WEIGHTS, SCORE_FLOOR, TENTH, WINDOW

OPSET = 18
IR_VERSION = 9
ANSWERS = 64  # enough for k and what an order leaves out, cheap next to the scatter
EXTERNAL = ("nid", "w8", "ws", "calibration")  # what the table brings


def build(*, rows: int, width: int) -> bytes:
    """The serialised graph for tables with that many rows and neighbours per row."""
    graph = helper.make_graph(
        [*_gather(), *_scatter(), *_confidence()],
        "ranking",
        [helper.make_tensor_value_info("ids", TensorProto.INT32, [1, WINDOW])],
        [
            helper.make_tensor_value_info("score", TensorProto.FLOAT, [ANSWERS]),
            helper.make_tensor_value_info("item", TensorProto.INT64, [ANSWERS]),
            helper.make_tensor_value_info("confidence", TensorProto.FLOAT, [1]),
        ],
        [*_table(rows, width), *_constants(rows)],
    )
    imports = [helper.make_opsetid("", OPSET)]
    model: ModelProto = helper.make_model(graph, opset_imports=imports, ir_version=IR_VERSION)
    data: bytes = model.SerializeToString()
    return data


def _table(rows: int, width: int) -> list[TensorProto]:
    shapes = {
        "nid": (TensorProto.UINT16, [rows, width]),
        "w8": (TensorProto.UINT8, [rows, width]),
        "ws": (TensorProto.FLOAT, [rows]),
        "calibration": (TensorProto.FLOAT, [4]),
    }
    return [_external(name, kind, dims) for name, (kind, dims) in shapes.items()]


def _external(name: str, kind: int, dims: list[int]) -> TensorProto:
    """A promise that the session gets this array from memory; the location only names it."""
    tensor = TensorProto(name=name, data_type=kind, dims=dims, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=name)
    return tensor


def _constants(rows: int) -> list[TensorProto]:
    """Shapes and numbers written into the graph; the long zero vector is made at run time, not stored."""
    ints: dict[str, NDArray[Any]] = {
        "one_id": np.array(1, np.int32),
        "no_id": np.array(0, np.int32),
        "flat": np.array([-1], np.int64),
        "last": np.array([2], np.int64),
        "places": np.array([max(rows + 1, ANSWERS)], np.int64),  # place 0 catches empty neighbours
        "answers": np.array([ANSWERS], np.int64),
        "axis": np.array([0], np.int64),
        "at_0": np.array([0], np.int64),
        "at_1": np.array([1], np.int64),
        "at_2": np.array([2], np.int64),
        "at_10": np.array([HITS_AT], np.int64),
    }
    floats: dict[str, NDArray[Any]] = {
        "place_weights": PLACE_WEIGHTS.reshape(1, WINDOW),
        "masked": np.full(WINDOW, -1, np.float32),
        "floor": SCORE_FLOOR.reshape(1),
        "tenth": TENTH.reshape(1),
        "one": np.ones(1, np.float32),
        "nothing": np.zeros(1, np.float32),
    }
    return [numpy_helper.from_array(array, name) for name, array in (ints | floats).items()]


def _gather() -> list[Any]:
    """What each place of the window pulls: item numbers and weights. A padded place reads row 0 and weighs nothing."""
    node = helper.make_node
    return [
        node("Sub", ["ids", "one_id"], ["below"]),
        node("Max", ["below", "no_id"], ["row"]),
        node("Gather", ["nid", "row"], ["pulled_u16"]),
        node("Cast", ["pulled_u16"], ["pulled_i32"], to=TensorProto.INT32),
        node("Reshape", ["pulled_i32", "flat"], ["pulled"]),
        node("Min", ["ids", "one_id"], ["used_i32"]),
        node("Cast", ["used_i32"], ["used"], to=TensorProto.FLOAT),
        node("Gather", ["ws", "row"], ["scale"]),
        node("Mul", ["scale", "place_weights"], ["step_any"]),
        node("Mul", ["step_any", "used"], ["step_row"]),
        node("Unsqueeze", ["step_row", "last"], ["step"]),
        node("Gather", ["w8", "row"], ["steps_u8"]),
        node("Cast", ["steps_u8"], ["steps"], to=TensorProto.FLOAT),
        node("Mul", ["steps", "step"], ["pull_rows"]),
        node("Reshape", ["pull_rows", "flat"], ["pull"]),
    ]


def _scatter() -> list[Any]:
    """Add the pulls up in order, oldest place first, mask the window and take the best."""
    node = helper.make_node
    zero = numpy_helper.from_array(np.zeros(1, np.float32))
    return [
        node("ConstantOfShape", ["places"], ["zeros"], value=zero),
        node("ScatterElements", ["zeros", "pulled", "pull"], ["summed"], axis=0, reduction="add"),
        node("Reshape", ["ids", "flat"], ["window"]),
        node("ScatterElements", ["summed", "window", "masked"], ["left"], axis=0),
        node("TopK", ["left", "answers"], ["score", "item"]),
    ]


def _confidence() -> list[Any]:
    node = helper.make_node
    nodes = [
        node("Slice", ["score", "at_0", "at_10", "axis"], ["ten_any"]),
        node("Max", ["ten_any", "nothing"], ["ten"]),
        node("Slice", ["ten", "at_0", "at_1", "axis"], ["first"]),
        node("Slice", ["ten", "at_1", "at_2", "axis"], ["second"]),
        node("ReduceSum", ["ten", "axis"], ["sum"], keepdims=1),
        node("Mul", ["sum", "tenth"], ["mean"]),
    ]
    for name in ("first", "second", "mean"):
        nodes += [node("Max", [name, "floor"], [f"{name}_up"]), node("Log", [f"{name}_up"], [f"{name}_log"])]
    return [
        *nodes,
        node("Sub", ["first_log", "second_log"], ["lead"]),
        node("Concat", ["one", "first_log", "lead", "mean_log"], ["features"], axis=0),
        node("Mul", ["features", "calibration"], ["terms"]),
        node("ReduceSum", ["terms", "axis"], ["logit"], keepdims=1),
        node("Sigmoid", ["logit"], ["confidence"]),
    ]
