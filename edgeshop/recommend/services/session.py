"""One table in ONNX Runtime: on one thread, without spinning, because a kiosk has better use for its cores."""

from collections.abc import Sequence

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from edgeshop.recommend.services import graph, ranker
from edgeshop.recommend.services.ranker import Ranking
from edgeshop.recommend.services.table import Table

Items = NDArray[np.int64]
Scores = NDArray[np.float32]


class Ranker:
    """Ranks baskets with one table. Safe to share between threads: a run keeps nothing."""

    def __init__(self, table: Table) -> None:
        self.table = table
        # ONNX Runtime reads these arrays in place, so they live as long as the session.
        self._arrays = {name: np.ascontiguousarray(getattr(table, name)) for name in graph.EXTERNAL}
        model = graph.build(rows=table.rows, width=table.nid.shape[1])
        self._session = ort.InferenceSession(model, self._options(), providers=["CPUExecutionProvider"])

    def _options(self) -> "ort.SessionOptions":
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3  # its warnings speak to model builders, not to operators
        values = [ort.OrtValue.ortvalue_from_numpy(array) for array in self._arrays.values()]
        options.add_external_initializers(list(self._arrays), values)
        return options

    def rank(self, basket: Sequence[int], *, k: int) -> Ranking:
        """The ranking of `ranker.rank_numpy`, faster."""
        known = ranker.known_items(self.table, basket)
        score, item, confidence = self._run(known[-ranker.WINDOW :])
        best = score > 0
        if len(known) > ranker.WINDOW:  # the graph masks the window only
            best &= ~np.isin(item - 1, known)
            confidence = ranker.confidence(self.table, score[best])
        if score[-1] > 0 and best.sum() < max(k, ranker.HITS_AT):  # there may be more answers than the graph gives
            return ranker.rank_numpy(self.table, basket, k=k)
        return ranker.finish(self.table, known, item[best] - 1, k=k, confidence=confidence if best.any() else 0.0)

    def _run(self, window: Items) -> tuple[Scores, Items, float]:
        """The graph's answers: scores, item index + 1, confidence. Shapes: window [20 at most]."""
        ids = np.zeros((1, ranker.WINDOW), np.int32)
        ids[0, ranker.WINDOW - len(window) :] = window + 1
        score, item, confidence = self._session.run(None, {"ids": ids})
        return score, item, float(confidence[0])
