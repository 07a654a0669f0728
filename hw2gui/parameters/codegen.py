"""The stack as a PyTorch module that runs as pasted, with every shape in a comment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import Analysis, Row, analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.layers import (
    GRU,
    LSTM,
    BilinearAttention,
    Call,
    MultiheadSelfAttention,
    Residual,
    Shape,
    TargetTokens,
)

MODULE_ATTRIBUTES = frozenset(
    word
    for line in (
        "T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval",
        "extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia",
        "named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer",
        "register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook",
        "register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter",
        "register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory",
        "state_dict to to_empty train training type xpu zero_grad",
    )
    for word in line.split()
)
"""Names that ``torch.nn.Module`` keeps for itself; layers called so get an underscore."""

_JOINED = '''

def joined(state):
    """Final states of both directions side by side: (layers·2, batch, h) to (layers, batch, 2h)."""
    if isinstance(state, tuple):  # an LSTM's h and c
        return tuple(joined(part) for part in state)
    return torch.cat([state[0::2], state[1::2]], dim=-1)
'''


def to_pytorch(architecture: Architecture) -> str:
    """Python source of an ``nn.Module`` called Network. Raises :class:`InputError` where a layer does not fit."""
    analysis = analyse(architecture)
    if analysis.error is not None:
        raise InputError(f"{analysis.error.sentence} Mend it, then there is code.")
    rows = analysis.rows
    parts = [_header(analysis)]
    if any(isinstance(row.layer, BilinearAttention) for row in rows):
        parts.append(_bilinear_source())
    if _start(rows) is not None and _directions(rows) == 2:
        parts.append(_JOINED)
    parts += [_class(analysis), _trial(analysis)]
    return "".join(parts)


def attribute(name: str) -> str:
    """The attribute that holds the layer called *name*."""
    return f"{name}_" if name in MODULE_ATTRIBUTES else name


def _header(analysis: Analysis) -> str:
    title = analysis.architecture.name.replace("\\", "").replace('"', "'")
    return f'"""{title}: {analysis.totals.parameters:,} parameters."""\n\nimport torch\nfrom torch import nn\n'


def _bilinear_source() -> str:
    source = Path(__file__).with_name("bilinear.py").read_text(encoding="utf-8")
    return "\n\n" + source[source.index("class BilinearAttention") :]


def _class(analysis: Analysis) -> str:
    lines = ["", "", "class Network(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    lines += [f"        {line}" for line in _constructors(analysis)]
    decoding = _has_decoder(analysis.rows)
    arguments = "source, target" if decoding else "x"
    remark = ["    # For sequences of one length. For several: pad them, pack the source, and tell the attention which positions are real."]
    lines += [
        "",
        *(remark if decoding else []),
        f"    def forward(self, {arguments}):",
        *(f"        {line}" for line in _forward(analysis)),
        "        return x",
    ]
    return "\n".join(lines) + "\n"


def _constructors(analysis: Analysis) -> list[str]:
    calls = ((row.name, row.layer.call(row.at)) for row in analysis.rows)
    lines = [f"self.{attribute(name)} = {call_text(call)}" for name, call in calls if call is not None and call.name != "Pixels"]
    lines += [
        f"self.{attribute(tie.layer)}.weight = self.{attribute(tie.to)}.weight  # one matrix, counted once"
        for tie in analysis.architecture.ties
    ]
    lines += [f"self.{attribute(row.name)}.requires_grad_(False)" for row in analysis.rows if row.frozen and row.layer.call(row.at)]
    return lines


def call_text(call: Call) -> str:
    """The call as code: ``nn.Conv2d(1, 8, 5, padding=2)``."""
    given = [repr(value) for value in call.args] + [f"{name}={value!r}" for name, value in call.kwargs.items()]
    return f"{'' if call.own else 'nn.'}{call.name}({', '.join(given)})"


def _has_decoder(rows: tuple[Row, ...]) -> bool:
    return any(isinstance(row.layer, TargetTokens) for row in rows)


def _start(rows: tuple[Row, ...]) -> int | None:
    """The index of the encoder's last recurrent layer, where a decoder layer starts from its state."""
    if not any(getattr(row.layer, "initial_state", "") == "encoder" for row in rows):
        return None
    border = next(row.index for row in rows if isinstance(row.layer, TargetTokens))
    return max(row.index for row in rows[:border] if isinstance(row.layer, LSTM | GRU))


def _directions(rows: tuple[Row, ...]) -> int:
    start = _start(rows)
    layer: Any = rows[start].layer if start is not None else None
    return layer.directions if layer is not None else 1


def _forward(analysis: Analysis) -> list[str]:
    rows = analysis.rows
    kept = {row.index - row.layer.back for row in rows if isinstance(row.layer, Residual)}
    attends = any(isinstance(row.layer, BilinearAttention) and row.at.memory for row in rows)
    lines = ["x = source" + _comment(analysis.architecture.input)] if _has_decoder(rows) else []
    for row in rows:
        if row.index in kept:
            lines.append(f"before_{row.name} = x")
        if isinstance(row.layer, TargetTokens):
            lines += ["memory = x"] if attends else []
            lines.append("x = target" + _comment(row.output))
        else:
            lines.append(_statement(row, rows) + _comment(row.output))
    return lines or ["pass"]


def _statement(row: Row, rows: tuple[Row, ...]) -> str:
    layer, module = row.layer, f"self.{attribute(row.name)}"
    match layer:
        case Residual():
            signal = f"before_{rows[row.index - layer.back].name}"
            return f"x = x + {module}({signal})" if layer.projection else f"x = x + {signal}"
        case LSTM() | GRU():
            kept = "state" if row.index == _start(rows) else "_"
            given = "x" if layer.initial_state == "zeros" else "x, joined(state)" if _directions(rows) == 2 else "x, state"
            return f"x, {kept} = {module}({given})"
        case BilinearAttention():
            return f"x = {module}(x, {'memory' if row.at.memory else 'x'})"
        case MultiheadSelfAttention():
            return f"x, _ = {module}(x, x, x, need_weights=False)"
    call = layer.call(row.at)
    return "x = x.flatten(2).transpose(1, 2)" if call is not None and call.name == "Pixels" else f"x = {module}(x)"


def _comment(shape: Shape) -> str:
    sizes = ", ".join(map(str, shape.sizes))
    return f"  # (batch, {sizes})" + (" whole numbers" if shape.tokens else "")


def _trial(analysis: Analysis) -> str:
    """A few lines that build the network and run it, so that the paste shows at once that it works."""
    inputs = [_example(analysis.architecture.input)]
    inputs += [_example(row.output) for row in analysis.rows if isinstance(row.layer, TargetTokens)]
    lines = [
        "",
        "",
        'if __name__ == "__main__":',
        "    network = Network().eval()",
        f"    output = network({', '.join(inputs)})",
        '    print(f"{sum(p.numel() for p in network.parameters()):,} parameters, output {tuple(output.shape)}")',
    ]
    return "\n".join(lines) + "\n"


def _example(shape: Shape) -> str:
    sizes = ", ".join(map(str, (1, *shape.sizes)))
    return f"torch.zeros({sizes}{', dtype=torch.long' if shape.tokens else ''})"
